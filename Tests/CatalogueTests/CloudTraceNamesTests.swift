import Testing

@testable import Catalogue

@Suite struct CloudTraceNamesTests {
    @Test func `has the published list, and names operations of the catalogue alone`() {
        #expect(CloudTraceNames.table.count == 55)
        #expect(CloudTraceNames.operations(ofTrace: "openHostsProtectStatus") == ["SwitchHostsProtectStatus"])
        #expect(CloudTraceNames.operations(ofTrace: "ADDHOSTSGROUP") == ["AddHostsGroup"])
        #expect(CloudTraceNames.operations(ofTrace: "addVulWhiteList") == ["AddVulWhiteList"], "an operation's own name is known without the list")
        #expect(CloudTraceNames.operations(ofTrace: "nothing") == [] && CloudTraceNames.operations(ofTrace: "resetRiskScore") == [])
        let kept = Operation.allCases.map(\.name).filter { CloudTraceNames.keeps($0) }
        #expect(kept.count > 30 && !kept.contains("BatchExportBaselineTask") && !kept.contains("ListVulnerabilities"))
        #expect(!CloudTraceNames.keeps("NoOperation"))
    }
}
