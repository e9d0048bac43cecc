#!/bin/sh
# Signs one Windows program in place. VAGUEMESTRE_WINDOWS_CERT, VAGUEMESTRE_WINDOWS_KEY: PEM files;
# VAGUEMESTRE_WINDOWS_TIMESTAMP: address of a timestamp server, without which a signature ends with its certificate.
set -eu
file=$1
set -- -h sha256 -n "Vaguemestre Agent" -certs "$VAGUEMESTRE_WINDOWS_CERT" -key "$VAGUEMESTRE_WINDOWS_KEY"
if [ -n "${VAGUEMESTRE_WINDOWS_TIMESTAMP:-}" ]; then set -- "$@" -ts "$VAGUEMESTRE_WINDOWS_TIMESTAMP"; fi
rm -f "$file.signed"
osslsigncode sign "$@" -in "$file" -out "$file.signed"
mv "$file.signed" "$file"
