/// Spans of requests, sent to a collector. If absent, nothing is traced.
package struct TracingSettings: Sendable, Hashable {
    /// A share from 0 to 1, in millionths.
    package struct SampleShare: Sendable, Hashable {
        package let perMillion: Int

        package init(perMillion: Int) {
            self.perMillion = perMillion
        }

        /// Reads `0`, `1`, `0.01`; nil for anything else.
        package init?(text: String) {
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard text.utf8.allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: ".") }), let first = parts.first, first == "0" || first == "1" else {
                return nil
            }
            let digits = parts.count == 2 ? parts[1] : "0"
            guard (1...6).contains(digits.utf8.count), !digits.contains("."),
                let fraction = Int(digits + String(repeating: "0", count: 6 - digits.utf8.count))
            else { return nil }
            let sum = (first == "1" ? 1_000_000 : 0) + fraction
            guard sum <= 1_000_000 else { return nil }
            perMillion = sum
        }
    }

    /// A collector's base URL; nil: nothing is traced.
    package let endpoint: EndpointURL?
    package let headersFile: String?
    package let authorityFile: String?
    /// Which part of the traces that begin here is sampled; a trace that a caller began follows the caller's sampling flag.
    package let sample: TracingSettings.SampleShare
    /// Whether the trace context is sent to the cloud.
    package let propagates: Bool
}

extension TracingSettings.SampleShare: CustomStringConvertible {
    package var description: String {
        if perMillion == 1_000_000 { return "1" }
        let digits = String(perMillion)
        var text = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        while text.hasSuffix("0"), text.utf8.count > 1 { text.removeLast() }
        return perMillion == 0 ? "0" : "0.\(text)"
    }
}

extension TracingSettings {
    init(_ reader: SectionReader) {
        endpoint = reader.has("endpoint") ? reader.endpoint("endpoint", "a collector's URL such as https://collector.example:4318") : nil
        sample = reader.read(
            "sample", .simple("a part from 0 to 1 such as 0.01", render: \.description, parse: TracingSettings.SampleShare.init(text:)),
            default: TracingSettings.SampleShare(perMillion: 10_000))
        headersFile = reader.file("headers_file", .secret)
        authorityFile = reader.file("ca_file", .authorities)
        propagates = reader.read("propagate", .boolean, default: false)
    }
}
