#ifndef STREAM_FRAMES_H
#define STREAM_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

/// A frame of HEADERS or DATA that libcurl has received whole, or one of HEADERS that libnghttp2 found malformed. Called on the thread that is inside
/// libcurl.
/// - Parameters:
///   - easy: libcurl's easy handle of the stream.
///   - bytes: of the body, without padding.
///   - ends: whether the origin ends the stream with it.
///   - is_malformed: whether its fields are none (RFC 9113 section 8.1.1). libcurl isn't told of it: libnghttp2 has reset the stream.
typedef void (*stream_frames_observer)(void *easy, size_t bytes, bool ends, bool is_malformed);

/// Shows the frames that libcurl receives over HTTP/2 from now on.
///
/// An answer without a length is whole if its origin has ended the stream, and only then (RFC 9113 section 8.1). libcurl doesn't tell: it reports an
/// answer as complete whose stream was reset with NO_ERROR, and before 8.1 also one whose connection broke down. An origin that answers before it has
/// read the whole request may reset the stream behind the end of its answer, which must not be discarded: libcurl does that.
///
/// libcurl learns of frames and of the ends of streams from functions that it registers with libnghttp2. This module has the registering functions in
/// the process. They are libnghttp2's own, but for what libcurl registers: frames are shown to the observer first, and libcurl isn't told of a stream
/// that ends behind a whole answer and before its request is sent, so that it passes the answer on. Then whoever uses libcurl ends the request.
///
/// To be called before libcurl makes its first connection.
/// - Returns: false if libcurl has libnghttp2 inside of itself, so that no frame is seen.
bool stream_frames_observe(stream_frames_observer observer);

#endif
