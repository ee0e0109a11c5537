import Audit
import NIOHTTP1
import Testing
import Transport

@testable import Gateway

@Suite struct RefusalHeadTests {
    private static func fields(_ code: RefusalCode, isHead: Bool = false) -> (fields: [String], framing: ResponseFraming, id: String) {
        let time = Timestamp(microseconds: 1_790_000_000_000_000)
        let record = ExchangeRecord(
            id: RecordIDGenerator().next(at: time), time: time, requestID: "mine-1", address: "10.0.0.1", method: .GET, gateway: nil
        )
        let head = Refusal(code, "What.", hint: "Do.").head(record: record, length: 77, isHead: isHead)
        return (head.fields.map { "\($0.name): \($0.value)" }, head.framing, record.id.description)
    }

    @Test func `marks the answer as the gateway's own`() {
        let (fields, framing, id) = Self.fields(.policyDenied)
        #expect(
            fields == [
                "Content-Type: application/json", "X-Request-Id: mine-1", "Audit-Id: \(id)", "X-HSSGW-Source: gateway",
                "Cache-Control: no-store",
            ]
        )
        #expect(framing == .length(77))
        #expect(Self.fields(.policyDenied, isHead: true).framing == .none(declared: 77))
    }

    @Test func `adds Retry-After and the challenge where the status asks for it`() {
        for code in RefusalCode.allCases {
            let fields = Self.fields(code).fields
            #expect(fields.contains { $0.hasPrefix("Retry-After: ") } == [429, 503].contains(code.status), "\(code)")
            #expect(fields.contains { $0.hasPrefix("WWW-Authenticate: ") } == (code.status == 401), "\(code)")
        }
    }
}
