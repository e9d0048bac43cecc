# Functions of every package's scripts: .deb, .rpm and install.sh put them before their own few lines. What is in capitals
# above them says which product: PRODUCT, PART, VERSION, SCHEMA, ACCOUNT, HOME_DIR, CONFIG, STATE.
# PART's own file has: required_schema, save_first, own_folders, before_end, purge_refused, purge_files.

DATA=/var/lib/vaguemestre
# It ran before the upgrade, and is to run after it. Gone after a reboot, when systemd starts it anyway.
RAN=/run/$PRODUCT.ran
# What a removal has to tell the purge, or the next installation.
REMOVED=$DATA/.$PART-removed

# French, English: by the language of whoever installs; both where it is not known.
tell() {
  case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
    fr*) printf '%s\n' "$1" >&2 ;;
    '' | C | C.* | POSIX) printf '%s\n%s\n' "$1" "$2" >&2 ;;
    *) printf '%s\n' "$2" >&2 ;;
  esac
}

refuse() {
  tell "$1" "$2"
  exit 1
}

# systemd runs here; in a chroot or an image being made, units are laid and nothing is started.
booted() {
  [ -d /run/systemd/system ]
}

# By Debian's own door where there is one: a policy may forbid starting services. It starts only what is enabled.
service_do() {
  booted || return 0
  if command -v deb-systemd-invoke >/dev/null 2>&1 && systemctl --quiet is-enabled "$2" 2>/dev/null; then
    deb-systemd-invoke "$1" "$2" >/dev/null
  else
    systemctl "$1" "$2"
  fi
}

reload_units() {
  if booted; then systemctl daemon-reload || true; fi
}

# Running, or trying to: a service that failed is started again by what may have mended it.
wants_to_run() {
  booted || return 1
  case "$(systemctl show --property=ActiveState --value "$1" 2>/dev/null)" in
    active | activating | reloading | failed) return 0 ;;
    *) return 1 ;;
  esac
}

# True when version $1 is newer than version $2.
newer() {
  [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]
}

# The newest version that is known here, laid by a package or by "update"; empty on a first installation.
version_here() {
  {
    for release in "$HOME_DIR"/versions/*/release.json; do
      [ -e "$release" ] && basename "$(dirname "$release")"
    done
    [ "$PART" != agent ] || [ ! -e "$DATA/releases/current.json" ] ||
      sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' "$DATA/releases/current.json"
  } | sort -V | tail -n 1
}

require_glibc() {
  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')
  if [ -z "$glibc" ] || newer 2.34 "$glibc"; then
    refuse "package-glibc : ce système a la glibc ${glibc:-?}, il faut la 2.34 ou plus récente.
→ Debian 12, Ubuntu 22.04, RHEL 9 ou plus récents conviennent. Rien n'a été installé." \
      "package-glibc: this system has glibc ${glibc:-?}; 2.34 or newer is needed.
→ Debian 12, Ubuntu 22.04, RHEL 9 and newer will do. Nothing was installed."
  fi
}

# What lies where the program goes must be ours: nobody's files and nobody's account are taken over.
require_own_places() {
  command=/usr/bin/$PRODUCT
  if [ -e "$command" ] && ! grep -qs "$HOME_DIR/" "$command"; then foreign "$command"; fi
  if [ -d "$STATE" ] && [ -n "$(ls -A "$STATE")" ]; then
    case "$(stat -c %U "$STATE")" in
      root | "$ACCOUNT") ;;
      *) foreign "$STATE" ;;
    esac
  fi
  shell=$(getent passwd "$ACCOUNT" | cut -d: -f7)
  if [ -n "$shell" ] && [ "$(id -u "$ACCOUNT")" -ge 1000 ]; then
    case "$shell" in
      */nologin | */false) ;;
      *)
        refuse "package-account : le compte $ACCOUNT existe et appartient à une personne.
→ Renommez-le : le service prendrait ses droits. Rien n'a été installé." \
          "package-account: the account $ACCOUNT exists and is a person's.
→ Rename it: the service would have its rights. Nothing was installed."
        ;;
    esac
  fi
}

foreign() {
  refuse "package-foreign : $1 existe et n'est pas à $PRODUCT.
→ Déplacez-le, ou rendez-le à root (chown) s'il s'agit d'un état à reprendre. Rien n'a été installé." \
    "package-foreign: $1 exists and is not $PRODUCT's.
→ Move it away, or give it to root (chown) if it is a state to be taken over. Nothing was installed."
}

# An older program must be able to work on what the newer one has written.
require_way_back() {
  if newer "$1" "$VERSION" && ! required_schema; then
    refuse "package-downgrade : la version $1 a changé les données d'une façon que la version $VERSION ne connaît pas.
→ Restez en $1, ou installez une version plus récente. Rien n'a été changé." \
      "package-downgrade: version $1 has changed the data in a way that version $VERSION does not know.
→ Stay with $1, or install a newer version. Nothing was changed."
  fi
}

# Everything that may say no comes first: what is refused was never stopped. The program loads its modules when it needs
# them, so it stops before its files change.
before_install() {
  require_glibc
  require_own_places
  here=$(version_here)
  [ -n "$here" ] || return 0
  require_way_back "$here"
  save_first
  if wants_to_run "$PRODUCT.service"; then : >"$RAN"; fi
  service_do stop "$PRODUCT.service" || true
}

make_account() {
  getent passwd "$ACCOUNT" >/dev/null ||
    useradd --system --user-group --no-create-home --home-dir "$STATE" --shell /usr/sbin/nologin \
      --comment "Vaguemestre $PART" "$ACCOUNT"
}

# A folder that is there keeps its owner: what is in it stays readable to whoever runs the service.
own_folder() {
  [ -d "$1" ] || install -d -m 0700 -o "$ACCOUNT" -g "$ACCOUNT" "$1"
}

# $1: "first" on a first installation, as far as the packaging system knows.
after_install() {
  make_account
  own_folder "$STATE"
  # Not a conffile: dpkg erases those before a purge can be refused, and asks questions on upgrades.
  if [ -e "$HOME_DIR/environment" ] && [ ! -e "/etc/default/$PRODUCT" ]; then
    install -m 0644 "$HOME_DIR/environment" "/etc/default/$PRODUCT"
  fi
  reload_units
  own_folders
  if [ -e "$CONFIG" ] && { [ "$1" = first ] || grep -qs '^enabled$' "$REMOVED"; }; then
    enable_unit "$PRODUCT.service"
    : >"$RAN"
  fi
  rm -f "$REMOVED"
  start_again
}

enable_unit() {
  if command -v systemctl >/dev/null 2>&1; then systemctl --quiet enable "$1" || true; fi
}

start_again() {
  [ -e "$RAN" ] || return 0
  rm -f "$RAN"
  service_do start "$PRODUCT.service" ||
    tell "$PRODUCT n'a pas démarré : journalctl -u $PRODUCT" "$PRODUCT did not start: journalctl -u $PRODUCT"
}

# Configuration and state stay. What the purge must know is asked while there is a program to ask.
before_removal() {
  mkdir -p "$DATA"
  {
    if systemctl --quiet is-enabled "$PRODUCT.service" 2>/dev/null; then echo enabled; fi
    before_end
  } >"$REMOVED.new"
  mv "$REMOVED.new" "$REMOVED"
  service_do stop "$PRODUCT.service" || true
  if command -v systemctl >/dev/null 2>&1; then
    systemctl --quiet disable "$PRODUCT.service" 2>/dev/null || true
  fi
}

purge() {
  if purge_refused; then exit 1; fi
  state=$(sed -n "s/^[\"']\{0,1\}state[\"']\{0,1\}: *[\"']\{0,1\}\([^\"',]*\).*/\1/p" "$CONFIG" 2>/dev/null || true)
  case "$state" in
    '' | "$STATE") ;;
    *) tell "L'état configuré ailleurs reste : $state" "The state configured elsewhere stays: $state" ;;
  esac
  purge_files
  rm -rf "$STATE" "/etc/systemd/system/$PRODUCT.service.d/10-folders.conf"
  rm -f "$CONFIG" "$CONFIG".*.old "/etc/default/$PRODUCT" "$REMOVED" "$RAN"
  for folder in "/etc/systemd/system/$PRODUCT.service.d" /etc/vaguemestre "$DATA"; do
    rmdir "$folder" 2>/dev/null || true
  done
  if getent passwd "$ACCOUNT" >/dev/null; then userdel "$ACCOUNT" || true; fi
  if getent group "$ACCOUNT" >/dev/null; then groupdel "$ACCOUNT" || true; fi
  reload_units
}
