import CLibYAML

/// Reads a text as YAML 1.1 with libyaml, one event after the other. Aliases are returned as they are and never expanded, so that a small
/// text can't become a large tree here.
package struct YAMLEventReader: ~Copyable {
    // libyaml keeps pointers into itself and into its input: both need a stable address until `deinit`.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var isAtEnd = false

    /// Begins at the start of a text.
    package init(_ text: String) {
        let bytes = text.utf8
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        parser = .allocate(capacity: 1)
        // Fails only if there is no memory; Swift's own allocations end the process then, too.
        precondition(yaml_parser_initialize(parser) == 1, "libyaml has no memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; nil after the last one.
    package mutating func next() throws(YAMLEvent.Fault) -> YAMLEvent? {
        while !isAtEnd {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else {
                isAtEnd = true
                throw fault()
            }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_END_EVENT { isAtEnd = true }
            if let translated = Self.translate(event) { return translated }
        }
        return nil
    }

    /// The event in Swift's terms; nil for the ends of the stream, which carry no information.
    private static func translate(_ event: yaml_event_t) -> YAMLEvent? {
        let mark = YAMLEvent.Mark(event.start_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, mark: mark)
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, mark: mark)
        case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias(text(event.data.alias.anchor) ?? ""), mark: mark)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return YAMLEvent(kind: .sequenceStart, mark: mark, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return YAMLEvent(kind: .mappingStart, mark: mark, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return YAMLEvent(kind: .scalar(value, isPlain: isPlain), mark: mark, anchor: text(scalar.anchor), tag: text(scalar.tag))
        default: return nil
        }
    }

    private static func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }

    private func fault() -> YAMLEvent.Fault {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "the text can't be read"
        // Bytes that are no text have an offset and no mark.
        guard parser.pointee.error != YAML_READER_ERROR else {
            return YAMLEvent.Fault(context: nil, problem: problem, mark: mark(ofByte: parser.pointee.problem_offset))
        }
        return YAMLEvent.Fault(
            context: parser.pointee.context.map { String(cString: $0) }, problem: problem, mark: YAMLEvent.Mark(parser.pointee.problem_mark))
    }

    private func mark(ofByte offset: Int) -> YAMLEvent.Mark {
        let before = input.prefix(max(0, offset))
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        // Bytes 10xxxxxx continue a scalar (RFC 3629 section 3).
        return YAMLEvent.Mark(line: line, column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}

extension YAMLEvent.Mark {
    /// libyaml counts from 0.
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
    }
}
