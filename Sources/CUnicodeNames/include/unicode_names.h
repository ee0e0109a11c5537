#ifndef UNICODE_NAMES_H
#define UNICODE_NAMES_H

#include <stdint.h>

/// The replacement in a release for the standard library's function for names of Unicode characters (`_swift_stdlib_getScalarName`; set in
/// Package.swift for the linker). Neither our code nor our libraries call it, but regular expressions can, and the tables are 0.55 MB.
///
/// - Returns: 0 always: the character has no name.
intptr_t cunicodenames_none(uint32_t scalar, uint8_t *buffer, intptr_t capacity);

#endif
