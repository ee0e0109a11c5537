import Testing

@testable import Catalogue

@Suite struct OperationSuggestionTests {
    @Test(
        arguments: [
            (OperationMethod.get, "/v5/p/image/baseline/export", "BatchExportBaselineTask"),
            (.post, "/v5/p/image/baselines/export", "BatchExportBaselineTask"),
            (.post, "/v5/p/image/basline/export", "BatchExportBaselineTask"), (.get, "/v5/p/host-managment/hosts", "ListHostStatus"),
            (.get, "/v5/p/no/such/thing", nil), (.post, "/v5/p/image/baseline", nil), (.get, "/v5", nil), (.get, "/", nil),
        ] as [(OperationMethod, String, String?)])
    func `finds what is one slip away, and nothing else`(method: OperationMethod, path: String, name: String?) {
        #expect(OperationMatcher.match(method, path: path) == nil)
        #expect(OperationSuggestion.nearest(to: method, path: Array(path.utf8))?.name == name)
    }
}
