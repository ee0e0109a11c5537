/// A set of ASCII bytes as two machine words: a test costs a shift, and a constant needs no initialisation at run time.
struct ByteSet {
    private let low: UInt64
    private let high: UInt64

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte & 0x40 == 0 ? low : high
        return byte < 0x80 && (word >> UInt64(byte & 0x3F)) & 1 == 1
    }
}

extension ByteSet {
    /// `A-Z a-z 0-9 - . _ ~` (RFC 3986 section 2.3).
    static let unreserved = ByteSet(low: 0x03FF_6000_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)

    /// `! $ & ' ( ) * + , = : @`: what a path segment may hold literally besides the unreserved bytes (RFC 3986 section 3.3).
    ///
    /// `;` is legal there too, but some servers cut path parameters at it, so it is left out.
    static let pathDelimiters = ByteSet(low: 0x2400_1FD2_0000_0000, high: 0x0000_0000_0000_0001)

    /// `0-9 A-F a-f`.
    static let hexadecimal = ByteSet(low: 0x03FF_0000_0000_0000, high: 0x0000_007E_0000_007E)

    /// `A-Z a-z 0-9 _ -`: the characters of a value of `enterprise_project_id`.
    static let enterpriseProjectValue = ByteSet(low: 0x03FF_2000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)

    /// The bytes allowed in a decoded query name: the unreserved bytes and `[ ] :`. The documented names need only `a-z 0-9 _`.
    static let queryName = ByteSet(low: 0x07FF_6000_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE)

    /// What may be literal after the first `?` besides the unreserved bytes: `! $ ' ( ) * + , = : @ /`.
    ///
    /// `;` and a second `?` are legal there (RFC 3986 section 3.4), but some parsers split pairs at them, so they are left out.
    static let queryDelimiters = ByteSet(low: 0x2400_9F92_0000_0000, high: 0x0000_0000_0000_0001)

    /// What a field's name consists of: a token (RFC 9110 section 5.6.2).
    static let token = ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
}
