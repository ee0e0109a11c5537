internal import Codecs
internal import Spans

/// Spans as an OTLP traces request in JSON (OTLP specification 1.x, `ExportTraceServiceRequest`): ids are hexadecimal there, and 64-bit integers
/// strings.
enum SpanPayload {
    static func encode(_ spans: [FinishedSpan], instance: String, version: String) -> [UInt8] {
        var writer = JSONWriter(capacity: spans.count * 768 + 256)
        writer.open()
        writer.list("resourceSpans", [()]) { writer, _ in
            writer.object { writer in
                writer.object("resource") { writer in
                    let attributes = [("service.name", "hss-gateway"), ("service.instance.id", instance), ("service.version", version)]
                    writer.list("attributes", attributes) { attribute(&$0, $1.0, .text($1.1)) }
                }
                writer.list("scopeSpans", [()]) { writer, _ in
                    writer.object { writer in
                        writer.object("scope") { $0.member("name", "hss-gateway.requests") }
                        writer.list("spans", spans) { span(&$0, $1) }
                    }
                }
            }
        }
        writer.close()
        return writer.bytes
    }

    private static func span(_ writer: inout JSONWriter, _ span: FinishedSpan) {
        writer.object { writer in
            writer.member("traceId", span.traceID.text)
            writer.member("spanId", TraceParent.HexadecimalWord.text(span.spanID))
            writer.member("parentSpanId", span.parentID.map(TraceParent.HexadecimalWord.text))
            writer.member("traceState", span.state?.text)
            writer.member("name", span.name)
            writer.member("kind", Int64(span.kind.rawValue))
            writer.member("startTimeUnixNano", String(span.startNanoseconds))
            writer.member("endTimeUnixNano", String(span.endNanoseconds))
            writer.list("attributes", span.attributes) { attribute(&$0, $1.name, $1.value) }
            writer.object("status") { writer in
                // STATUS_CODE_ERROR; 0 is unset.
                if span.isFailed { writer.member("code", Int64(2)) }
            }
        }
    }

    private static func attribute(_ writer: inout JSONWriter, _ name: String, _ value: FinishedSpan.Value) {
        writer.object { writer in
            writer.member("key", name)
            writer.object("value") { writer in
                switch value {
                case .text(let text): writer.member("stringValue", text)
                case .integer(let number): writer.member("intValue", String(number))
                case .flag(let flag):
                    writer.key("boolValue")
                    writer.value(flag)
                }
            }
        }
    }
}
