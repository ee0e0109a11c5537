/// A key of the configuration file and its allowed content.
struct SchemaKey: Sendable {
    /// The allowed content of a key.
    indirect enum Shape: Sendable {
        /// One value.
        case value
        /// One value that is a secret or refers to one.
        case secret
        /// A list of values; in a variable they are separated by commas.
        case list
        case section([SchemaKey])
        /// A single word, or a section.
        case wordOrSection([SchemaKey])
        /// A list of things with a `name`, which variables address by it.
        case namedItems([SchemaKey])
        /// A list of things without a name; variables can't set it.
        case items([SchemaKey])
        /// A list of words and of things without a name; a variable can only set the words.
        case wordsOrItems([SchemaKey])
        /// A mapping whose keys are free names.
        case table([SchemaKey])
        /// A mapping from free names to values; variables can't set it.
        case freeMapping
    }

    let name: String
    let shape: Shape

    /// The keys directly below, through any list or mapping.
    var children: [SchemaKey] {
        switch shape {
        case .section(let keys), .wordOrSection(let keys), .namedItems(let keys), .items(let keys), .wordsOrItems(let keys),
            .table(let keys):
            keys
        case .value, .secret, .list, .freeMapping: []
        }
    }
}

extension SchemaKey {
    static func value(_ name: String) -> SchemaKey { SchemaKey(name: name, shape: .value) }
    static func list(_ name: String) -> SchemaKey { SchemaKey(name: name, shape: .list) }
    static func section(_ name: String, _ keys: [SchemaKey]) -> SchemaKey { SchemaKey(name: name, shape: .section(keys)) }
    static func wordOrSection(_ name: String, _ keys: [SchemaKey]) -> SchemaKey { SchemaKey(name: name, shape: .wordOrSection(keys)) }
    static func namedItems(_ name: String, _ keys: [SchemaKey]) -> SchemaKey { SchemaKey(name: name, shape: .namedItems(keys)) }
    static func items(_ name: String, _ keys: [SchemaKey]) -> SchemaKey { SchemaKey(name: name, shape: .items(keys)) }
    static func wordsOrItems(_ name: String, _ keys: [SchemaKey]) -> SchemaKey { SchemaKey(name: name, shape: .wordsOrItems(keys)) }
    static func table(_ name: String, _ keys: [SchemaKey]) -> SchemaKey { SchemaKey(name: name, shape: .table(keys)) }
    static func freeMapping(_ name: String) -> SchemaKey { SchemaKey(name: name, shape: .freeMapping) }
}
