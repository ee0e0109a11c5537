#ifndef UNICODE_NAMES_H
#define UNICODE_NAMES_H

#include <stdint.h>

/// What a release calls in place of the standard library's function for names of Unicode characters (`_swift_stdlib_getScalarName`; Package.swift tells
/// the linker so). No code of ours and of our libraries asks for one, but regular expressions can, and the tables are 0.55 MB.
///
/// - Returns: 0 always: the character has no name.
intptr_t cunicodenames_none(uint32_t scalar, uint8_t *buffer, intptr_t capacity);

#endif
