# What is left to a package manager elsewhere: lays the files beside this script, or takes them away again.
#   sh install.sh            install, or upgrade
#   sh install.sh --remove   remove the program; configuration and state stay
#   sh install.sh --purge    those as well

if [ "$(id -u)" != 0 ]; then
  refuse "package-root : relancez avec sudo." "package-root: run it again with sudo."
fi
tree=$(dirname "$(readlink -f "$0")")/root

# Each file is whole under its name or not there; versions beside the new one go last.
lay() {
  (cd "$tree" && find . -type d) | while read -r folder; do
    [ -d "/$folder" ] || install -d -m 0755 "/$folder"
  done
  (cd "$tree" && find . -type f) | while read -r file; do
    cp -p "$tree/$file" "/$file.new"
    chown root:root "/$file.new"
    mv -f "/$file.new" "/$file"
  done
  for version in "$HOME_DIR"/versions/*; do
    [ "$version" = "$HOME_DIR/versions/$VERSION" ] || rm -rf "$version"
  done
}

take_away() {
  rm -rf "$HOME_DIR"
  (cd "$tree" && find . -type f) | while read -r file; do
    rm -f "/$file"
  done
  rm -rf "/usr/share/doc/$PRODUCT"
  reload_units
}

case "${1:-}" in
  '')
    for manager in "dpkg-query --status" "rpm --query"; do
      if $manager "$PRODUCT" >/dev/null 2>&1 && ! grep -qs '"tar"' "$HOME_DIR/install.json"; then
        refuse "package-managed : $PRODUCT est installé par un paquet ; mettez à jour par le paquet." \
          "package-managed: $PRODUCT is installed by a package; upgrade it by its package."
      fi
    done
    first=upgrade
    [ -n "$(version_here)" ] || first=first
    before_install
    # Whatever happens now, what ran runs again.
    trap start_again EXIT
    lay
    after_install "$first"
    ;;
  --remove)
    before_removal
    take_away
    ;;
  --purge)
    if [ -e "$HOME_DIR/launch.mjs" ]; then before_removal; fi
    if purge_refused; then exit 1; fi
    take_away
    purge
    ;;
  *)
    refuse "install.sh [--remove | --purge]" "install.sh [--remove | --purge]"
    ;;
esac
