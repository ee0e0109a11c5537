import Catalogue
import Testing

@Suite struct OperationPatternTests {
    @Test(arguments: [
        ("BatchExportBaselineTask", "BatchExportBaselineTask", true), ("BatchExport*", "BatchExportBaselineTask", true),
        ("BatchExport*", "BatchExport", true), ("*Task", "BatchExportBaselineTask", true), ("*", "", true), ("**", "x", true),
        ("*Export*Task", "BatchExportTaskTask", true), ("*ab", "aab", true), ("a*b*c", "abbbc", true), ("", "", true),
        ("batchexport*", "BatchExportBaselineTask", false), ("BatchExport", "BatchExportBaselineTask", false), ("", "x", false),
        ("Batch?xport*", "BatchExportBaselineTask", false), ("*Tasks", "BatchExportBaselineTask", false), ("a*b", "a", false),
    ])
    func `matches names`(pattern: String, name: String, matches: Bool) { #expect(OperationPattern(pattern).matches(name) == matches) }

    @Test func `finds the operations of a policy`() {
        #expect(
            OperationPattern("BatchExport*").operations.operations.map(\.name) == ["BatchExportBaselineTask", "BatchExportLocalVulTask"])
        #expect(OperationPattern("*").operations == .all)
        #expect(OperationPattern("BatchExprot*").operations.isEmpty)
    }
}
