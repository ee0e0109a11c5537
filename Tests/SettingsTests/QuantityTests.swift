import Testing

@testable import Settings

@Suite struct QuantityTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("24h", .seconds(86_400)),
        ("400d", .seconds(34_560_000)), ("3650d", DurationText.longest), ("0s", .zero),
    ])
    func `reads durations`(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
        #expect(DurationText.parse(DurationText.render(expected)) == expected)
    }

    @Test(arguments: [
        "", "s", "30", "-1s", "+1s", "1.5s", "30 s", "1h30m", "30S", "3651d", "9223372036854775807d", "9223372036854775808s", "٣s",
    ])
    func `refuses what is no duration`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: [
        ("12MiB", 12_582_912), ("64KiB", 65_536), ("1GiB", 1_073_741_824), ("500MB", 500_000_000), ("1KB", 1_000), ("2kB", 2_000), ("7", 7),
        ("7B", 7),
    ])
    func `reads sizes`(text: String, bytes: Int) {
        #expect(ByteCount(text: text)?.bytes == bytes)
        #expect(ByteCount(text: ByteCount(bytes).description)?.bytes == bytes)
    }

    @Test(arguments: ["", "MiB", "12 MiB", "12mib", "12M", "-1", "0x10", "9223372036854775807KiB"]) func `refuses what is no size`(
        text: String
    ) {
        #expect(ByteCount(text: text) == nil)
    }

    @Test(arguments: [("5/min", 5, 60), ("20/s", 20, 1), ("600/h", 600, 3600), ("50/d", 50, 86_400)])
    func `reads rates`(text: String, count: Int, seconds: Int) {
        #expect(Rate(text: text) == Rate(count: count, period: .seconds(seconds)))
        #expect(Rate(text: text)?.description == text)
    }

    @Test(arguments: ["", "5", "5/", "/min", "5/minute/x", "5/week", "5s/min", "-5/min"]) func `refuses what is no rate`(text: String) {
        #expect(Rate(text: text) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080"), ("[::1]:8080", "[::1]:8080"), ("localhost:80", "127.0.0.1:80"), ("0.0.0.0:0", "0.0.0.0:0"),
        ("[0:0::1]:1", "[::1]:1"),
    ])
    func `reads addresses`(text: String, expected: String) {
        #expect(ListenAddress(text: text)?.description == expected)
    }

    @Test(arguments: [
        "", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:080", "127.1:80", "0177.0.0.1:80", "::1:80", "[::1]80",
        "[127.0.0.1]:80",
        "example:80", "[fe80::1%eth0]:80", "1.2.3.4:8 0", "[::1:80",
    ])
    func `refuses what is no address`(text: String) {
        #expect(ListenAddress(text: text) == nil)
    }

    @Test(arguments: [
        ("127.255.0.1", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false), ("::", false), ("0.0.0.0", false),
        ("::ffff:10.0.0.1", false),
        ("1::1", false),
    ])
    func `knows loopback addresses`(text: String, isLoopback: Bool) {
        #expect(IPAddress(text: text)?.isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("10.0.0.0/8", false), ("10.0.0.1", false), ("10.0.0.1/31", true), ("0.0.0.0/0", false), ("fd00::/8", false), ("fd00::1/64", true),
        ("10.1.2.0/23", false),
    ])
    func `reads address blocks and sees bits behind the prefix`(text: String, hasHostBits: Bool) {
        #expect(CIDRBlock(text: text)?.hasHostBits == hasHostBits)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::/129", "x/8", "10.0.0.0/8/8"]) func `refuses what is no block`(
        text: String
    ) {
        #expect(CIDRBlock(text: text) == nil)
    }

    @Test(arguments: [
        ("*", "Anything", true), ("BatchExport*", "BatchExportBaselineTask", true), ("BatchExport*", "ExportTask", false),
        ("*Task", "ExportTask", true),
        ("*Export*Task", "BatchExportBaselineTask", true), ("List?osts", "ListHosts", true), ("List", "ListHosts", false),
        ("*a*b*", "xxaxxbxx", true),
        ("*a*b*", "xxbxxaxx", false), ("?", "", false), ("**", "", true), ("*", "", true), ("*ab", "aab", true), ("a*b*c", "abbbc", true),
        ("*Export*Task", "BatchExportTaskTask", true), ("batchexport*", "BatchExportBaselineTask", false),
        ("*Tasks", "BatchExportBaselineTask", false), ("a*b", "a", false), ("BatchExport*", "BatchExport", true),
    ])
    func `matches patterns`(pattern: String, name: String, matches: Bool) {
        #expect(OperationPattern(text: pattern)?.matches(name) == matches)
    }

    @Test(arguments: [
        "https://", "https:/x", "://x", "https://u@x", "https://x:0", "https://x:99999", "https://x y", "https://[::1", "https://-x",
        "https://x?q", "https://x#f",
    ])
    func `refuses what is no endpoint`(text: String) {
        #expect(throws: EndpointURL.Fault.self) { try EndpointURL(text: text) }
    }
}
