import Audit
import Codecs

extension Reconciliation {
    /// For users.
    package var text: String {
        var lines: [String] = []
        if !unexplainedTraces.isEmpty {
            lines.append("Made with our credential, and not through this gateway:")
            for trace in unexplainedTraces {
                let who = [trace.user.map { "user \($0)" }, trace.accessKey.map { "key ****\($0.suffix(4))" }, trace.sourceIP.map { "from \($0)" }]
                lines.append(
                    "  \(trace.time)  " + PrintableText.line("\(trace.name)  \(who.compactMap(\.self).joined(separator: ", "))  trace \(trace.id)"))
            }
        }
        if !unconfirmedCalls.isEmpty {
            lines.append("In the journal, and unknown to CTS:")
            for call in unconfirmedCalls {
                lines.append("  \(call.time)  " + PrintableText.line("\(call.operation)  caller \(call.caller)  record \(call.sequence)"))
            }
        }
        let sum = "\(matched) matched, \(unexplainedTraces.count) past the gateway, \(unconfirmedCalls.count) unknown to CTS"
        lines.append("\(sum). Not compared: \(ignoredTraces) traces, \(ignoredCalls) records.")
        return lines.joined(separator: "\n") + "\n"
    }

    /// For programs.
    package var json: String {
        var json = JSONWriter()
        json.open()
        json.member("matched", Int64(matched))
        json.member("ignored_traces", Int64(ignoredTraces))
        json.member("ignored_records", Int64(ignoredCalls))
        json.key("past_the_gateway")
        json.open("[")
        for trace in unexplainedTraces {
            json.open()
            json.member("trace_id", trace.id)
            json.member("trace_name", trace.name)
            json.member("time", trace.time.description)
            json.member("request_id", trace.requestID)
            json.member("user", trace.user)
            json.member("access_key_tail", trace.accessKey.map { String($0.suffix(4)) })
            json.member("source_ip", trace.sourceIP)
            json.close()
        }
        json.close("]")
        json.key("unknown_to_cts")
        json.open("[")
        for call in unconfirmedCalls {
            json.open()
            json.member("instance", call.instance)
            json.member("seq", Int64(call.sequence))
            json.member("time", call.time.description)
            json.member("operation", call.operation)
            json.member("caller", call.caller)
            json.member("upstream_request_id", call.upstreamRequestID)
            json.close()
        }
        json.close("]")
        json.close()
        json.newline()
        return json.text
    }
}
