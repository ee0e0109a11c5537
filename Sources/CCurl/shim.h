#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

// libcurl as a Swift module.
//
// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, so Swift cannot call them, and C would accept a value of any
// type. Each option in use therefore has one function of its own whose parameter is the type libcurl documents for that option: a wrong
// type does not compile, and the list below is the complete list of the options that this product uses.

#include <curl/curl.h>

// 7.85.0 is the first release with CURLOPT_PROTOCOLS_STR.
#define CCURL_MINIMUM_VERSION 0x075500
_Static_assert(LIBCURL_VERSION_NUM >= CCURL_MINIMUM_VERSION, "libcurl 7.85.0 or newer is needed");

#define CCURL_EASY_OPTION(name, option, type)                                                                                              \
    static inline CURLcode ccurl_set_##name(CURL *easy, type value) { return curl_easy_setopt(easy, option, value); }
#define CCURL_MULTI_OPTION(name, option, type)                                                                                             \
    static inline CURLMcode ccurl_multi_set_##name(CURLM *multi, type value) { return curl_multi_setopt(multi, option, value); }
#define CCURL_EASY_INFO(name, info, type)                                                                                                  \
    static inline CURLcode ccurl_get_##name(CURL *easy, type *value) { return curl_easy_getinfo(easy, info, value); }

// Allowed protocols and addresses.
CCURL_EASY_OPTION(protocols, CURLOPT_PROTOCOLS_STR, const char *)
CCURL_EASY_OPTION(redirect_protocols, CURLOPT_REDIR_PROTOCOLS_STR, const char *)
CCURL_EASY_OPTION(follow_location, CURLOPT_FOLLOWLOCATION, long)
CCURL_EASY_OPTION(http09_allowed, CURLOPT_HTTP09_ALLOWED, long)
CCURL_EASY_OPTION(path_as_is, CURLOPT_PATH_AS_IS, long)
CCURL_EASY_OPTION(netrc, CURLOPT_NETRC, long)
CCURL_EASY_OPTION(unrestricted_auth, CURLOPT_UNRESTRICTED_AUTH, long)
CCURL_EASY_OPTION(no_signal, CURLOPT_NOSIGNAL, long)

// TLS.
CCURL_EASY_OPTION(verify_peer, CURLOPT_SSL_VERIFYPEER, long)
CCURL_EASY_OPTION(verify_host, CURLOPT_SSL_VERIFYHOST, long)
CCURL_EASY_OPTION(tls_version, CURLOPT_SSLVERSION, long)
CCURL_EASY_OPTION(certificate_authority_file, CURLOPT_CAINFO, const char *)
CCURL_EASY_OPTION(certificate_authority_directory, CURLOPT_CAPATH, const char *)
CCURL_EASY_OPTION(pinned_public_key, CURLOPT_PINNEDPUBLICKEY, const char *)
CCURL_EASY_OPTION(alpn, CURLOPT_SSL_ENABLE_ALPN, long)

// The egress proxy.
CCURL_EASY_OPTION(proxy, CURLOPT_PROXY, const char *)
CCURL_EASY_OPTION(no_proxy, CURLOPT_NOPROXY, const char *)
CCURL_EASY_OPTION(proxy_tunnel, CURLOPT_HTTPPROXYTUNNEL, long)
CCURL_EASY_OPTION(suppress_connect_headers, CURLOPT_SUPPRESS_CONNECT_HEADERS, long)
CCURL_EASY_OPTION(header_separation, CURLOPT_HEADEROPT, long)
CCURL_EASY_OPTION(proxy_verify_peer, CURLOPT_PROXY_SSL_VERIFYPEER, long)
CCURL_EASY_OPTION(proxy_verify_host, CURLOPT_PROXY_SSL_VERIFYHOST, long)
CCURL_EASY_OPTION(proxy_tls_version, CURLOPT_PROXY_SSLVERSION, long)
CCURL_EASY_OPTION(proxy_certificate_authority_file, CURLOPT_PROXY_CAINFO, const char *)
CCURL_EASY_OPTION(proxy_certificate_authority_directory, CURLOPT_PROXY_CAPATH, const char *)

// The request.
CCURL_EASY_OPTION(parsed_url, CURLOPT_CURLU, CURLU *)
CCURL_EASY_OPTION(request_target, CURLOPT_REQUEST_TARGET, const char *)
CCURL_EASY_OPTION(custom_request, CURLOPT_CUSTOMREQUEST, const char *)
CCURL_EASY_OPTION(http_get, CURLOPT_HTTPGET, long)
CCURL_EASY_OPTION(no_body, CURLOPT_NOBODY, long)
CCURL_EASY_OPTION(post, CURLOPT_POST, long)
CCURL_EASY_OPTION(post_field_size, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t)
CCURL_EASY_OPTION(post_fields, CURLOPT_POSTFIELDS, const void *)
CCURL_EASY_OPTION(header_list, CURLOPT_HTTPHEADER, struct curl_slist *)
CCURL_EASY_OPTION(http_version, CURLOPT_HTTP_VERSION, long)

// The response.
CCURL_EASY_OPTION(content_decoding, CURLOPT_HTTP_CONTENT_DECODING, long)
CCURL_EASY_OPTION(transfer_decoding, CURLOPT_HTTP_TRANSFER_DECODING, long)
CCURL_EASY_OPTION(buffer_size, CURLOPT_BUFFERSIZE, long)

// The connection.
CCURL_EASY_OPTION(connect_timeout_milliseconds, CURLOPT_CONNECTTIMEOUT_MS, long)
CCURL_EASY_OPTION(tcp_no_delay, CURLOPT_TCP_NODELAY, long)
CCURL_EASY_OPTION(tcp_keep_alive, CURLOPT_TCP_KEEPALIVE, long)
CCURL_EASY_OPTION(connection_age_limit_seconds, CURLOPT_MAXAGE_CONN, long)
CCURL_EASY_OPTION(connection_lifetime_seconds, CURLOPT_MAXLIFETIME_CONN, long)
CCURL_EASY_OPTION(name_cache_seconds, CURLOPT_DNS_CACHE_TIMEOUT, long)
CCURL_EASY_OPTION(fresh_connect, CURLOPT_FRESH_CONNECT, long)
CCURL_EASY_OPTION(forbid_reuse, CURLOPT_FORBID_REUSE, long)
CCURL_EASY_OPTION(no_progress, CURLOPT_NOPROGRESS, long)

// Callbacks, each with its context pointer.
CCURL_EASY_OPTION(write_function, CURLOPT_WRITEFUNCTION, curl_write_callback)
CCURL_EASY_OPTION(write_data, CURLOPT_WRITEDATA, void *)
CCURL_EASY_OPTION(header_function, CURLOPT_HEADERFUNCTION, curl_write_callback)
CCURL_EASY_OPTION(header_data, CURLOPT_HEADERDATA, void *)
CCURL_EASY_OPTION(prerequest_function, CURLOPT_PREREQFUNCTION, curl_prereq_callback)
CCURL_EASY_OPTION(prerequest_data, CURLOPT_PREREQDATA, void *)
CCURL_EASY_OPTION(open_socket_function, CURLOPT_OPENSOCKETFUNCTION, curl_opensocket_callback)
CCURL_EASY_OPTION(open_socket_data, CURLOPT_OPENSOCKETDATA, void *)
CCURL_EASY_OPTION(close_socket_function, CURLOPT_CLOSESOCKETFUNCTION, curl_closesocket_callback)
CCURL_EASY_OPTION(close_socket_data, CURLOPT_CLOSESOCKETDATA, void *)
CCURL_EASY_OPTION(private_data, CURLOPT_PRIVATE, void *)
CCURL_EASY_OPTION(debug_function, CURLOPT_DEBUGFUNCTION, curl_debug_callback)
CCURL_EASY_OPTION(debug_data, CURLOPT_DEBUGDATA, void *)
CCURL_EASY_OPTION(verbose, CURLOPT_VERBOSE, long)

// The multi handle.
CCURL_MULTI_OPTION(socket_function, CURLMOPT_SOCKETFUNCTION, curl_socket_callback)
CCURL_MULTI_OPTION(socket_data, CURLMOPT_SOCKETDATA, void *)
CCURL_MULTI_OPTION(timer_function, CURLMOPT_TIMERFUNCTION, curl_multi_timer_callback)
CCURL_MULTI_OPTION(timer_data, CURLMOPT_TIMERDATA, void *)
CCURL_MULTI_OPTION(connection_cache_size, CURLMOPT_MAXCONNECTS, long)
CCURL_MULTI_OPTION(maximum_concurrent_streams, CURLMOPT_MAX_CONCURRENT_STREAMS, long)
CCURL_MULTI_OPTION(pipelining, CURLMOPT_PIPELINING, long)

// Information about a transfer.
CCURL_EASY_INFO(request_size, CURLINFO_REQUEST_SIZE, long)
CCURL_EASY_INFO(new_connections, CURLINFO_NUM_CONNECTS, long)
CCURL_EASY_INFO(proxy_connect_status, CURLINFO_HTTP_CONNECTCODE, long)
CCURL_EASY_INFO(tls_verification_result, CURLINFO_SSL_VERIFYRESULT, long)
CCURL_EASY_INFO(connect_microseconds, CURLINFO_CONNECT_TIME_T, curl_off_t)
CCURL_EASY_INFO(tls_connect_microseconds, CURLINFO_APPCONNECT_TIME_T, curl_off_t)
CCURL_EASY_INFO(uploaded_bytes, CURLINFO_SIZE_UPLOAD_T, curl_off_t)
CCURL_EASY_INFO(private_data, CURLINFO_PRIVATE, char *)

// CURLOPT_QUICK_EXIT exists since 7.87.0; without it libcurl waits for a running name lookup when a transfer is removed.
static inline CURLcode ccurl_set_quick_exit(CURL *easy, long value) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, value);
#else
    (void)easy;
    (void)value;
    return CURLE_OK;
#endif
}

// CURLMsg has the result in a union, which Swift imports without readable names.
static inline CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }

// Macros that Swift can't import, or would import with a type that it chooses.
static const long ccurl_tls_1_2_or_newer = CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_DEFAULT;
static const size_t ccurl_write_pause = CURL_WRITEFUNC_PAUSE;
static const curl_socket_t ccurl_socket_timeout = CURL_SOCKET_TIMEOUT;
static const curl_socket_t ccurl_socket_bad = CURL_SOCKET_BAD;
static const CURLversion ccurl_version_now = CURLVERSION_NOW;
static const long ccurl_global_default = CURL_GLOBAL_DEFAULT;

#endif
