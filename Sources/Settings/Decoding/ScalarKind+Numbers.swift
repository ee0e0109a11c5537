extension ScalarKind where Value == Int {
    /// A whole number within bounds.
    static func integer(_ range: ClosedRange<Int>) -> ScalarKind {
        ScalarKind(
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { scalar throws(ScalarFault) in
                // Digits only: YAML's octal, hexadecimal and `1_000` forms surprise more than they help.
                guard !scalar.text.isEmpty, scalar.text.utf8.allSatisfy({ $0.isASCIIDigit }), scalar.isPlain else { throw .mismatch }
                guard let number = Int(scalar.text), range.contains(number) else {
                    throw .invalid("must be from \(range.lowerBound) to \(range.upperBound)")
                }
                return number
            },
            render: { "\($0)" })
    }
}

extension ScalarKind where Value == Bool {
    static var boolean: ScalarKind {
        ScalarKind(
            expected: "true or false",
            parse: { scalar throws(ScalarFault) in
                switch (scalar.text, scalar.isPlain) {
                case ("true", true): return true
                case ("false", true): return false
                default: throw .mismatch
                }
            },
            render: { "\($0)" })
    }
}

extension ScalarKind where Value == Duration {
    /// The allowed lifetime of temporary keys (protocol page b.2).
    static var keyLifetime: ScalarKind {
        duration.checked { duration throws(ScalarFault) in
            guard duration < .seconds(900) || duration > .seconds(86_400) else { return }
            throw .invalid("temporary keys last 15m to 24h", hint: "1h is usual")
        }
    }

    /// A duration above zero.
    static var duration: ScalarKind {
        delay.checked { duration throws(ScalarFault) in
            guard duration > .zero else { throw .invalid("must be longer than zero") }
        }
    }

    /// A duration that may be zero, which means no wait.
    static var delay: ScalarKind {
        ScalarKind(
            expected: "a duration such as 500ms, 30s, 5m, 24h or 400d",
            parse: { scalar throws(ScalarFault) in
                guard let duration = DurationText.parse(scalar.text) else {
                    let isBare = Quantity(scalar.text)?.unit.isEmpty == true
                    throw ScalarFault(hint: isBare ? "write the unit behind the number: ms, s, m, h or d" : nil)
                }
                return duration
            },
            render: DurationText.render)
    }
}

extension ScalarKind where Value == ByteCount {
    /// A size within bounds.
    static func byteCount(_ range: ClosedRange<ByteCount>) -> ScalarKind {
        simple("a size such as 12MiB, 64KiB, 1GiB, 500MB or plain bytes", render: \.description, parse: ByteCount.init(text:))
            .checked { size throws(ScalarFault) in
                guard range.contains(size) else { throw .invalid("must be from \(range.lowerBound) to \(range.upperBound)") }
            }
    }
}

extension ScalarKind where Value == Percentage {
    /// A whole percentage within bounds.
    static func percentage(_ range: ClosedRange<Int>) -> ScalarKind {
        simple("a percentage such as 5%", render: \.description, parse: Percentage.init(text:))
            .checked { part throws(ScalarFault) in
                guard range.contains(part.hundredths) else { throw .invalid("must be from \(range.lowerBound)% to \(range.upperBound)%") }
            }
    }
}

extension ScalarKind where Value == Rate {
    /// Higher rates are mistakes; a multiple of this still fits into an `Int`.
    private static var mostEvents: Int { 1_000_000_000 }

    /// At least one event in a second, minute, hour or day.
    static var rate: ScalarKind {
        simple("a rate such as 5/min, 20/s, 600/h or 50/d", render: \.description, parse: Rate.init(text:))
            .checked { rate throws(ScalarFault) in
                guard rate.count > 0 else { throw .invalid("must be above zero") }
                guard rate.count <= mostEvents else { throw .invalid("must be at most \(mostEvents)") }
            }
    }
}
