# The receiver's part of the packages' scripts.

DATABASE=$STATE/receiver.db
BACKUPS=$DATA/receiver-backups

# What shared/runtime/sqlite.ts writes: the schema's step, and the oldest step whose program can still work on it.
required_schema() {
  [ -e "$DATABASE" ] || return 0
  # shellcheck disable=SC2016 # the quoted lines are JavaScript
  as_account "$HOME_DIR/runtime/node" --no-warnings --eval '
    const { DatabaseSync } = require("node:sqlite");
    const [, path, known] = process.argv;
    const database = new DatabaseSync(path, { readOnly: true });
    const read = (name) => Object.values(database.prepare(`pragma ${name}`).get())[0];
    process.exit(Number(known) >= (read("application_id") || read("user_version")) ? 0 : 1);
  ' "$DATABASE" "$SCHEMA" >/dev/null 2>&1
}

# Whatever is written beside the database must be the service's.
as_account() {
  setpriv --reuid "$ACCOUNT" --regid "$ACCOUNT" --init-groups -- "$@"
}

# By the program that wrote what is saved.
save_first() {
  [ -e "$DATABASE" ] && [ -e "$CONFIG" ] || return 0
  [ "${VAGUEMESTRE_BACKUP:-}" != skip ] || return 0
  own_folder "$BACKUPS"
  service_do stop "$PRODUCT-backup.service" 2>/dev/null || true
  if ! "/usr/bin/$PRODUCT" backup --to "$BACKUPS" --keep 14 >&2; then
    refuse "package-backup : la sauvegarde d'avant la mise à jour a échoué (ci-dessus) ; rien n'a été changé.
→ Corrigez la cause et recommencez ; sans sauvegarde : VAGUEMESTRE_BACKUP=skip devant la même commande." \
      "package-backup: the backup before the upgrade failed (above); nothing was changed.
→ Mend the cause and try again; without a backup: VAGUEMESTRE_BACKUP=skip before the same command."
  fi
}

own_folders() {
  own_folder "$BACKUPS"
  own_folder "$DATA/receiver-dispatches"
  enable_unit "$PRODUCT-backup.timer"
  service_do start "$PRODUCT-backup.timer" || true
}

before_end() {
  service_do stop "$PRODUCT-backup.timer" || true
  service_do stop "$PRODUCT-backup.service" 2>/dev/null || true
  if command -v systemctl >/dev/null 2>&1; then
    systemctl --quiet disable "$PRODUCT-backup.timer" 2>/dev/null || true
  fi
}

purge_refused() {
  [ -e "$DATABASE" ] && [ "${VAGUEMESTRE_PURGE:-}" != lose-region ] || return 1
  tell "package-region : $STATE contient la région : clés, agents, données ; rien n'a été effacé.
→ Pour la perdre : VAGUEMESTRE_PURGE=lose-region devant la même commande. Les sauvegardes restent dans $BACKUPS." \
    "package-region: $STATE holds the region: keys, agents, data; nothing was erased.
→ To lose it: VAGUEMESTRE_PURGE=lose-region before the same command. Backups stay in $BACKUPS."
}

# Backups, and files that agencies have not fetched, go only when they are empty.
purge_files() {
  rmdir "$BACKUPS" "$DATA/receiver-dispatches" 2>/dev/null || true
}
