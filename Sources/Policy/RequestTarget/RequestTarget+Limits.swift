extension RequestTarget {
    /// The longest target, as received and in canonical form, in bytes. The cloud's API gateway answers 414 above 32 KiB
    /// (protocol page c.3, code 0201).
    package static let maximumBytes = 32 * 1024

    /// The most path segments. The longest documented path has 9.
    package static let maximumSegments = 32

    /// The most query pairs. Lists are sent as repeated keys (protocol page a.3), so this is far above the 20 or so names an operation has.
    package static let maximumQueryPairs = 1024

    /// The longest name of a query parameter, in bytes. The longest documented one has 26.
    package static let maximumQueryNameBytes = 64

    /// The longest project id that is put into a path, in bytes. Real ones have 32.
    package static let maximumProjectBytes = 256
}
