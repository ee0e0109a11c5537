import Catalogue
import Testing

@Suite struct OperationSetTests {
    @Test func `holds what was put in and nothing else`() {
        for operation in [Operation(index: 0), Operation(index: 63), Operation(index: 64), Operation(index: Operation.count - 1)] {
            let set = OperationSet([operation])
            #expect(set.operations == [operation])
            #expect(set.count == 1)
        }
        #expect(OperationSet().isEmpty)
        #expect(OperationSet.all.count == Operation.count)
    }

    @Test func `has all operations of the kinds asked for`() {
        #expect(OperationSet(kinds: [.export]).count == 15)
        #expect(OperationSet(kinds: [.export, .download]).count == 18)
        #expect(OperationSet(kinds: OperationKind.allCases) == .all)
    }

    @Test func `joins`() {
        var set = OperationSet(kinds: [.export])
        set.formUnion(OperationSet(kinds: [.read]))
        #expect(set.count == 15 + 366)
        #expect(
            set.operations.map(\.name).filter { $0.contains("Export") && $0.hasSuffix("Task") } == [
                "BatchExportBaselineTask", "BatchExportLocalVulTask", "ExportImageSecurityReportTask", "ListQueryExportTask",
                "ShowExportTask",
            ])
    }
}
