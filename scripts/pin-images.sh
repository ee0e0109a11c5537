#!/usr/bin/env bash
# Pins the container images of deploy/ by digest: `debian:12-slim` becomes `debian:12-slim@sha256:…`, what the tag names at its registry now.
#
#   scripts/pin-images.sh            writes the digests into the files, or new ones where they have changed
#   scripts/pin-images.sh --check    writes nothing; says which images have no digest, or an older one than the registry, and ends with 1 then
#
#   HSSGW_REGISTRY_MIRROR=https://mirror.example    asked instead of Docker Hub
#
# Nothing is written unless every image was found. The gateway's own image is built here, and pinned where it was pushed to:
# `kustomize edit set image hss-gateway=REGISTRY/hss-gateway@sha256:…`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly files=(deploy/Dockerfile deploy/compose.yaml deploy/compose.fleet.yaml)
readonly manifests='application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json'
readonly most_seconds=30

fail() { echo "pin-images: $*" >&2; exit 2; }

check=no
case "${1-}" in
    '') ;;
    --check) check=yes ;;
    *) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac

# Every image of others, as the files have it, with its digest where it has one.
references() {
    sed -nE 's/^FROM +([^ ]+).*/\1/p; s/^ *image: *"?([^ "]+)"?.*/\1/p' "${files[@]}" | grep -v '^hss-gateway[:@]' | sort -u
}

# split REFERENCE: sets base (the registry's address), repository and tag.
split() {
    local name=${1%%@*} host
    tag=${name##*:}
    repository=${name%:*}
    [ "$tag" != "$name" ] && [ -n "$tag" ] && [ -n "$repository" ] || fail "$1 names no tag"
    host=${repository%%/*}
    case "$host" in
        "$repository") base=${HSSGW_REGISTRY_MIRROR:-https://registry-1.docker.io} repository=library/$repository ;;
        *.* | *:* | localhost) base=https://$host repository=${repository#*/} ;;
        *) base=${HSSGW_REGISTRY_MIRROR:-https://registry-1.docker.io} ;;
    esac
}

# head_of [CURL OPTION...]: status and fields of the manifest that the tag names. A registry that can't be reached is one that knows no image.
head_of() {
    curl --silent --head --max-time "$most_seconds" --header "Accept: $manifests" "$@" "$base/v2/$repository/manifests/$tag" | tr -d '\r' || true
}

# field NAME: the value of a field of the head on stdin.
field() { sed -nE "s/^$1: *(.*)/\\1/Ip" | tail -n 1; }

# member TEXT NAME: the value of `NAME="…"` in a challenge, or of a member of a flat JSON object.
member() { sed -nE "s/.*\"?\\b$2\"? *[=:] *\"([^\"]*)\".*/\\1/p" <<<"$1"; }

# digest_of REFERENCE: what its tag names now. Registries give an anonymous token to whoever asks (RFC 6750, Docker Registry HTTP API V2).
digest_of() {
    local head challenge token digest
    split "$1"
    head=$(head_of)
    challenge=$(field www-authenticate <<<"$head")
    if [[ $challenge == [Bb]earer* ]]; then
        token=$(curl --silent --max-time "$most_seconds" --get --data-urlencode "service=$(member "$challenge" service)" \
            --data-urlencode "scope=repository:$repository:pull" "$(member "$challenge" realm)" | tr -d '\n' || true)
        # Written to curl's standard input, so that it isn't in the list of processes.
        head=$(head_of --config - <<<"header = \"Authorization: Bearer $(member "$token" token)\"")
    fi
    digest=$(field docker-content-digest <<<"$head")
    [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "$base has no digest for ${1%%@*}; nothing was written"
    echo "$digest"
}

declare -A digests=()
listed=$(references)
while read -r reference; do
    digests[$reference]=$(digest_of "$reference")
done <<<"$listed"

status=0
while read -r reference; do
    pinned=${reference%%@*}@${digests[$reference]}
    if [ "$reference" = "$pinned" ]; then continue; fi
    if [ "$check" = yes ]; then
        echo "$reference: ${digests[$reference]} is there"
        status=1
        continue
    fi
    sed -i -E "s|^(FROM +)${reference//./\\.}( .*)?\$|\\1$pinned\\2|; s|^( *image: *\"?)${reference//./\\.}(\"?.*)\$|\\1$pinned\\2|" "${files[@]}"
    echo "$pinned"
done <<<"$listed"
exit "$status"
