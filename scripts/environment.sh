# shellcheck shell=bash
# Sourced by scripts that start a gateway for a test, a measurement or a demonstration.

# Unsets the user's proxy, and every variable that is a setting of the gateway or the SDK except the named ones: none of them must change
# the result.
keep_only() {
    local name
    unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
    while read -r name; do
        case " $* " in *" $name "*) ;; *) unset "$name" ;; esac
    done < <(compgen -e | grep -E '^(HSSGW_|HUAWEICLOUD_SDK_|CLOUD_SDK_)' || true)
}
