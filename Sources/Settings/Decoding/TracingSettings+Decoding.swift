extension TracingSettings {
    init(_ reader: SectionReader) {
        endpoint = reader.has("endpoint") ? reader.endpoint("endpoint", "a collector's URL such as https://collector.example:4318") : nil
        sample = reader.read(
            "sample", .simple("a part from 0 to 1 such as 0.01", render: \.description, parse: SampleShare.init(text:)),
            default: SampleShare(perMillion: 10_000))
        headersFile = reader.file("headers_file", .secret)
        authorityFile = reader.file("ca_file", .authorities)
        propagates = reader.read("propagate", .boolean, default: false)
    }
}
