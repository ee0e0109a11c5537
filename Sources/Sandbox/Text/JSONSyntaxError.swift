/// Why a text is not JSON: the offset of the first byte that doesn't fit.
struct JSONSyntaxError: Error, Equatable {
    var offset: Int
}
