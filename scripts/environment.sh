# shellcheck shell=bash
# Sourced by what starts a gateway to test, to measure or to show.

# Takes away somebody's proxy, and every variable that is a setting of the gateway's or the SDK's but the named ones: none of them must change
# what is seen.
keep_only() {
    local name
    unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
    while read -r name; do
        case " $* " in *" $name "*) ;; *) unset "$name" ;; esac
    done < <(compgen -e | grep -E '^(HSSGW_|HUAWEICLOUD_SDK_|CLOUD_SDK_)' || true)
}
