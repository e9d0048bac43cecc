#!/bin/sh
# From a bare server to the first receipt, in one command, as root:
#   sh first-receipt.sh --package FILE --answers answers.yaml [--export FILE --source-folder FOLDER] [--wait SECONDS]
# --package        the agent's .deb, .rpm or .tar.gz
# --answers        answers of "vaguemestre-agent setup"; the enrolment code is in a file that they name, never here
# --export         an export to send; without it, the first one that comes by itself is waited for
# --source-folder  where that export goes: a folder of the answers' sources
set -e

tell() {
  case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
    fr*) printf '%s\n' "$1" ;;
    '' | C | C.* | POSIX) printf '%s\n%s\n' "$1" "$2" ;;
    *) printf '%s\n' "$2" ;;
  esac
}

refuse() {
  tell "$1" "$2" >&2
  exit "${3:-2}"
}

package='' answers='' export='' folder='' wait=600
while [ $# -gt 0 ]; do
  case "$1" in
    --package) package=${2:-} ;;
    --answers) answers=${2:-} ;;
    --export) export=${2:-} ;;
    --source-folder) folder=${2:-} ;;
    --wait) wait=${2:-} ;;
    *) refuse "option inconnue : $1" "unknown option: $1" ;;
  esac
  shift
  [ $# -gt 0 ] || refuse "il manque une valeur à la dernière option" "the last option lacks its value"
  shift
done
[ "$(id -u)" = 0 ] || refuse "relancez avec sudo" "run it again with sudo"
for file in "$package" "$answers" ${export:+"$export"}; do
  [ -r "$file" ] || refuse "--package et --answers sont nécessaires ; illisible : ${file:-?}" \
    "--package and --answers are needed; not readable: ${file:-?}"
done
if [ -n "$export" ] && [ -z "$folder" ]; then
  refuse "--export demande --source-folder" "--export needs --source-folder"
fi
case "$wait" in
  '' | *[!0-9]*) refuse "--wait : un nombre de secondes" "--wait: a number of seconds" ;;
esac

begun=$(date +%s)
case "$package" in
  *.deb) dpkg --install "$package" ;;
  *.rpm) rpm --upgrade --verbose "$package" ;;
  *.tar.gz)
    unpacked=$(mktemp -d)
    trap 'rm -rf "$unpacked"' EXIT
    tar --extract --gzip --file "$package" --directory "$unpacked" --strip-components=1
    sh "$unpacked/install.sh"
    ;;
  *) refuse "paquet inconnu : $package" "unknown package: $package" ;;
esac

# Before the setup: "mappings: [auto]" looks at what is there. Under another name first: it appears whole.
if [ -n "$export" ]; then
  account=vaguemestre
  [ -d "$folder" ] || install -d -m 0750 -o "$account" -g "$account" "$folder"
  name=$(basename "$export")
  install -m 0640 -o "$account" -g "$account" "$export" "$folder/.$name.part"
  mv "$folder/.$name.part" "$folder/$name"
fi

vaguemestre-agent setup --answers "$answers"

# A receipt is the region's signed word that it holds what was sent.
received() {
  if [ -n "$export" ]; then
    said=$(vaguemestre-agent trace "$name" --json 2>/dev/null) || return 1
    case "$said" in
      *'"acceptedAt":null'*) return 1 ;;
      *'"acceptedAt":"'*) return 0 ;;
      *) return 1 ;;
    esac
  fi
  vaguemestre-agent status --json 2>/dev/null | grep -q '"lastReceiptAt":"'
}

until received; do
  if [ $(($(date +%s) - begun)) -ge "$wait" ]; then
    vaguemestre-agent status >&2 || true
    refuse "Pas de reçu après $wait s : voyez vaguemestre-agent doctor" \
      "No receipt after $wait s: see vaguemestre-agent doctor" 1
  fi
  sleep 1
done
seconds=$(($(date +%s) - begun))
tell "Premier reçu signé de la région après $seconds s." "First signed receipt of the region after $seconds s."
