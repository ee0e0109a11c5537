import Audit

/// What a record keeps of a JSON body that passed the check: its members and its text, both without secrets.
///
/// 1. The value of a member whose name is secret is never kept, at any depth, whatever escapes spell the name, whatever the value is.
/// 2. At most `maximumBytes` of a body are read, and what is kept is bounded by `maximumValues` and `maximumText`.
/// 3. What is left out for its size is marked: `isCut`.
struct KeptBody {
    /// How much of a body is read, in bytes. Documented bodies have a few hundred, lists of a thousand hosts 40 KB.
    static let maximumBytes = 64 << 10
    /// How many values are kept in `fields`, containers included.
    static let maximumValues = 1_024
    /// Longest text or number that is kept whole in `fields`, bytes.
    static let maximumText = 1_024

    let fields: FieldValue?
    /// The text up to `maximumBytes`, cut between characters.
    let text: String
    let isCut: Bool

    init(json bytes: some Sequence<UInt8>) {
        var reader = BodyReader(Array(bytes.prefix(KeptBody.maximumBytes + 1)), limit: KeptBody.maximumBytes)
        fields = reader.read()
        text = reader.maskedText()
        isCut = reader.isCut
    }
}
