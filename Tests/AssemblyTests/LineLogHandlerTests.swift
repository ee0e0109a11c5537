import Foundation
import Logging
import Testing

@testable import Assembly

/// Each test logs to stderr in a process of its own and reads the output.
@Suite(.timeLimit(.minutes(10))) struct LineLogHandlerTests {
    private static let hostile = "a\"b\\c\nd\re\tf\u{0}g\u{1B}[31mh\u{7F}i\u{2028}j\u{85}é中😀"

    private static let output = LogOutput(descriptor: STDERR_FILENO) { "\($0) lines lost" }

    private static func logger(_ form: LogLine.Form, level: Logger.Level = .info) -> Logger {
        Logger(label: "part") { LineLogHandler(component: $0, manner: LogManner(LogManner.Choice(form: form, level: level)), output: output) }
    }

    private static func flush() { precondition(output.flush(within: .seconds(20))) }

    private static func lines(_ bytes: [UInt8]?) -> [Substring] {
        String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n")
    }

    @Test func `writes one JSON object per event whatever the values hold`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            Self.logger(.json).warning("\(Self.hostile)", metadata: ["z": "\(Self.hostile)", "a": "1", "q\"": "2"])
            Self.logger(.json).error("second")
            Self.flush()
        }
        let lines = Self.lines(result?.standardErrorContent)
        #expect(lines.count == 2)
        let first = try #require(lines.first.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String] })
        #expect(first["msg"] == Self.hostile)
        #expect(first["z"] == Self.hostile)
        #expect(first["q\""] == "2")
        #expect(first["level"] == "warn")
        #expect(first["component"] == "part")
        #expect(lines.first?.hasPrefix("{\"ts\":\"2") == true)
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }, "no control character reaches a terminal")
    }

    @Test func `keeps an event of text on one line`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            var logger = Self.logger(.text)
            logger[metadataKey: "id"] = "7"
            logger.info("line\nline", metadata: ["b": "x\r\ny\u{1B}[0m", "a": "1"])
            Self.flush()
        }
        let lines = Self.lines(result?.standardErrorContent)
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix(" INFO part: line\\nline a=1 b=x \\ny [0m id=7") == true)
    }

    @Test func `writes nothing below its level`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            Self.logger(.json, level: .warning).info("quiet")
            Self.logger(.json, level: .warning).error("loud")
            Self.flush()
        }
        #expect(Self.lines(result?.standardErrorContent).count == 1)
    }
}
