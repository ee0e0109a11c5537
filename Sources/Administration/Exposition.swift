import Gateway

/// Metrics as text: Prometheus 0.0.4 and OpenMetrics 1.0.0, which differ in the name of a counter's family and the last line.
struct Exposition {
    enum Format {
        case prometheus
        case openMetrics

        var contentType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    enum Kind: String {
        case counter, gauge, histogram
    }

    private let format: Format
    private var text = ""

    init(_ format: Format) {
        self.format = format
        text.reserveCapacity(16 << 10)
    }

    /// Begins a family. A counter's name ends in `_total`; in OpenMetrics the family's name doesn't.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        let family = format == .openMetrics && kind == .counter && name.hasSuffix("_total") ? String(name.dropLast(6)) : name
        text += "# HELP \(family) \(help)\n# TYPE \(family) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: some Numeric & CustomStringConvertible) {
        text += name
        write(labels)
        text += " \(value)\n"
    }

    mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
        var cumulative: UInt64 = 0
        for (slot, bound) in Histogram.bounds.enumerated() {
            cumulative += histogram.counts[slot]
            sample(name + "_bucket", labels + [("le", "\(bound)")], cumulative)
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], histogram.total)
        sample(name + "_sum", labels, Double(histogram.sumNanoseconds) / 1_000_000_000)
        sample(name + "_count", labels, histogram.total)
    }

    private mutating func write(_ labels: [(String, String)]) {
        guard !labels.isEmpty else { return }
        text += "{"
        for (index, label) in labels.enumerated() {
            if index > 0 { text += "," }
            text += label.0
            text += "=\""
            for character in label.1.unicodeScalars {
                switch character {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.unicodeScalars.append(character)
                }
            }
            text += "\""
        }
        text += "}"
    }

    consuming func finish() -> String {
        format == .openMetrics ? text + "# EOF\n" : text
    }
}
