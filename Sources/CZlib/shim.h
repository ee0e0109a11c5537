#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

// The system's zlib, as streams of the gzip format (RFC 1952). Its initialisers are macros, which Swift can't
// import.

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

// 15 bits of window; 16 more select the gzip format.
static inline int czlib_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

// Deflate without a container format: the caller that writes a header of its own writes the rest of the gzip
// format too.
static inline int czlib_deflate_raw_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

#endif
