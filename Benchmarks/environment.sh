# shellcheck shell=bash
# Sourced by what starts a gateway to measure.

# Takes away every variable that is a setting of the gateway's or the SDK's, but the named ones: a gateway must see the benchmark's configuration
# only. The load must not go through somebody's proxy either.
keep_only() {
    local name
    unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
    while read -r name; do
        case " $* " in *" $name "*) ;; *) unset "$name" ;; esac
    done < <(compgen -e | grep -E '^(HSSGW_|HUAWEICLOUD_SDK_|CLOUD_SDK_)' || true)
}
