# The agent's part of the packages' scripts.

program() {
  "$HOME_DIR/runtime/node" "$HOME_DIR/launch.mjs" "$@"
}

# The program that is here knows what its data need, and whether a program that knows SCHEMA steps would do.
required_schema() {
  program selftest --may-return-to "$SCHEMA" >/dev/null 2>&1
}

save_first() {
  :
}

# Root's: the service's account cannot write its own code.
own_folders() {
  install -d -m 0755 "$DATA/releases"
  supersede_update
}

# What "update" decided beside another package is over for good: it must not come back with that package. What it says of
# the newest release ever seen stays.
supersede_update() {
  current=$DATA/releases/current.json
  [ -e "$current" ] && ! grep -q "\"packaged\": *\"$VERSION\"" "$current" || return 0
  sed 's/"packaged": *"[^"]*"/"packaged": ""/' "$current" >"$current.new"
  chmod 0644 "$current.new"
  mv "$current.new" "$current"
}

# Sealed, and known to nobody but this machine until the region has answered for them.
before_end() {
  unsent=$(program purge --check 2>/dev/null || true)
  case "$unsent" in
    '' | *[!0-9]*) if [ -e "$STATE/agent.db" ]; then echo 'unsent ?'; fi ;;
    0) ;;
    *)
      echo "unsent $unsent"
      tell "$unsent pli(s) pas encore reçu(s) par la région restent dans $STATE." \
        "$unsent envelope(s) that the region has not received stay in $STATE."
      ;;
  esac
}

purge_refused() {
  [ "${VAGUEMESTRE_PURGE:-}" != lose-unsent ] || return 1
  if [ -e "$REMOVED" ]; then
    unsent=$(sed -n 's/^unsent //p' "$REMOVED")
  elif [ -e "$STATE/agent.db" ]; then
    unsent='?'
  fi
  [ -n "${unsent:-}" ] || return 1
  tell "package-unsent : $unsent pli(s) n'ont pas encore été reçus par la région ; rien n'a été effacé.
→ Réinstallez le paquet, attendez que l'agent les ait envoyés (vaguemestre-agent status), puis purgez.
→ Pour les perdre : VAGUEMESTRE_PURGE=lose-unsent devant la même commande." \
    "package-unsent: the region has not yet received $unsent envelope(s); nothing was erased.
→ Install the package again, wait until the agent has sent them (vaguemestre-agent status), then purge.
→ To lose them: VAGUEMESTRE_PURGE=lose-unsent before the same command."
}

purge_files() {
  rm -rf "$DATA/releases"
}
