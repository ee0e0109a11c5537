/// Named values in a fixed order. A name occurs once: JSON readers disagree about which of two they keep.
package struct FieldObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One member.
    package struct Field: Sendable, Hashable {
        /// The member's name.
        package let name: String
        /// The member's value.
        package let value: FieldValue
    }

    /// The members in the order they are written.
    package private(set) var fields: [Field] = []
    private var names: Set<String> = []

    /// Makes an empty object.
    package init() {}

    /// Makes an object; if a name occurs twice, the first value is used.
    package init(dictionaryLiteral elements: (String, FieldValue)...) {
        for (name, value) in elements { add(name, value) }
    }

    /// Adds a member unless there is one of that name; returns whether it was added.
    @discardableResult
    package mutating func add(_ name: String, _ value: FieldValue) -> Bool {
        guard names.insert(name).inserted else { return false }
        fields.append(Field(name: name, value: value))
        return true
    }

    /// An upper bound of the encoded size in bytes.
    var sizeBound: Int {
        fields.reduce(6) { $0 + LineWriter.bound(of: $1.name) + $1.value.sizeBound + 2 }
    }
}
