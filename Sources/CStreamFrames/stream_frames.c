#define _GNU_SOURCE
#include "stream_frames.h"

#include <dlfcn.h>
#include <nghttp2/nghttp2.h>
#include <stdatomic.h>

static _Atomic(stream_frames_observer) observer;
// What libcurl has registered: one function of each kind, the same for all of its sessions.
static _Atomic(nghttp2_on_frame_recv_callback) frame_of_libcurl;
static _Atomic(nghttp2_on_stream_close_callback) close_of_libcurl;

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
    stream_frames_observer observe = atomic_load_explicit(&observer, memory_order_relaxed);
    bool is_data = frame->hd.type == NGHTTP2_DATA;
    if (observe && (is_data || frame->hd.type == NGHTTP2_HEADERS)) {
        void *easy = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
        size_t bytes = is_data ? frame->hd.length - frame->data.padlen : 0;
        if (easy) observe(easy, bytes, frame->hd.flags & NGHTTP2_FLAG_END_STREAM, false);
    }
    return atomic_load_explicit(&frame_of_libcurl, memory_order_relaxed)(session, frame, user);
}

// libcurl registers none of this kind, and learns only that the stream was reset, by this side.
static int on_invalid_frame(nghttp2_session *session, const nghttp2_frame *frame, int error, void *user) {
    (void)user;
    stream_frames_observer observe = atomic_load_explicit(&observer, memory_order_relaxed);
    bool is_of_fields = error == NGHTTP2_ERR_HTTP_HEADER || error == NGHTTP2_ERR_HTTP_MESSAGING;
    if (observe && is_of_fields && frame->hd.type == NGHTTP2_HEADERS) {
        void *easy = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
        if (easy) observe(easy, 0, false, true);
    }
    return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t code, void *user) {
    bool is_answered_early =
        nghttp2_session_get_stream_remote_close(session, stream) == 1 && nghttp2_session_get_stream_local_close(session, stream) == 0;
    // libcurl would fail to send the rest of the request, and forget what it has not passed on of the answer.
    if (is_answered_early) return 0;
    return atomic_load_explicit(&close_of_libcurl, memory_order_relaxed)(session, stream, code, user);
}

static bool is_of_this_program(const void *address) {
    Dl_info there, here;
    return dladdr(address, &there) && dladdr((const void *)&on_frame, &here) && there.dli_fbase == here.dli_fbase;
}

// The linker takes these definitions instead of libnghttp2's for everything in the program, and for the shared libraries that it loads.

#define FRAME_REGISTRATION "nghttp2_session_callbacks_set_on_frame_recv_callback"

void nghttp2_session_callbacks_set_on_frame_recv_callback(nghttp2_session_callbacks *callbacks, nghttp2_on_frame_recv_callback callback) {
    if (callback && !is_of_this_program((const void *)callback)) {
        nghttp2_on_frame_recv_callback known = NULL;
        if (atomic_compare_exchange_strong(&frame_of_libcurl, &known, callback) || known == callback) {
            callback = on_frame;
            nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid_frame);
        }
    }
    void (*genuine)(nghttp2_session_callbacks *, nghttp2_on_frame_recv_callback) = dlsym(RTLD_NEXT, FRAME_REGISTRATION);
    genuine(callbacks, callback);
}

void nghttp2_session_callbacks_set_on_stream_close_callback(nghttp2_session_callbacks *callbacks, nghttp2_on_stream_close_callback callback) {
    if (callback && !is_of_this_program((const void *)callback)) {
        nghttp2_on_stream_close_callback known = NULL;
        if (atomic_compare_exchange_strong(&close_of_libcurl, &known, callback) || known == callback) callback = on_close;
    }
    void (*genuine)(nghttp2_session_callbacks *, nghttp2_on_stream_close_callback) =
        dlsym(RTLD_NEXT, "nghttp2_session_callbacks_set_on_stream_close_callback");
    genuine(callbacks, callback);
}

bool stream_frames_observe(stream_frames_observer function) {
    atomic_store(&observer, function);
    // libcurl calls the first definition that the dynamic linker finds, if it calls a shared libnghttp2 at all.
    if (dlsym(RTLD_DEFAULT, FRAME_REGISTRATION) != (void *)&nghttp2_session_callbacks_set_on_frame_recv_callback) return false;
    Dl_info libcurl;
    void *init = dlsym(RTLD_DEFAULT, "curl_easy_init");
    if (!init || !dladdr(init, &libcurl) || is_of_this_program(init)) return false;
    void *library = dlopen(libcurl.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (!library) return false;
    bool needs_shared = dlsym(library, FRAME_REGISTRATION) != NULL;
    dlclose(library);
    return needs_shared;
}
