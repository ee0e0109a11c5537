/// A type that a single value may have: how it is described, read and written.
struct ScalarKind<Value: Sendable>: Sendable {
    /// Completes "expected …", with an example where one helps.
    let expected: String
    let parse: @Sendable (LocatedScalar) throws(ScalarFault) -> Value
    /// Writes the YAML form.
    let render: @Sendable (Value) -> String
}

/// Why a value is not valid; never quotes the value.
struct ScalarFault: Error, Hashable {
    var kind: SettingsProblem.Kind = .wrongType
    /// Nil: "expected …" with the description of the type.
    var message: String?
    var hint: String?

    /// The value is not of the type.
    static let mismatch = ScalarFault()

    static func invalid(_ message: String, hint: String? = nil) -> ScalarFault {
        ScalarFault(kind: .invalidValue, message: message, hint: hint)
    }
}

extension ScalarKind {
    /// A type whose reader only says whether a text is valid.
    static func simple(
        _ expected: String, render: @escaping @Sendable (Value) -> String, parse: @escaping @Sendable (String) -> Value?
    ) -> ScalarKind {
        ScalarKind(
            expected: expected,
            parse: { scalar throws(ScalarFault) in
                guard let value = parse(scalar.text) else { throw .mismatch }
                return value
            },
            render: render)
    }

    /// The same type with one more condition.
    func checked(_ check: @escaping @Sendable (Value) throws(ScalarFault) -> Void) -> ScalarKind {
        let parse = parse
        return ScalarKind(
            expected: expected,
            parse: { scalar throws(ScalarFault) in
                let value = try parse(scalar)
                try check(value)
                return value
            },
            render: render)
    }
}
