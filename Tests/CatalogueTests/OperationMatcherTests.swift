import Testing

@testable import Catalogue

@Suite struct OperationMatcherTests {
    @Test(arguments: ["0123456789abcdef0123456789abcdef", "_", "%7Bproject_id%7D", "a.b~c"])
    func `resolves every template to its own operation`(value: String) {
        for operation in Operation.allCases {
            let path = operation.template.replacing(#/\{[a-z_]+\}/#, with: value)
            #expect(OperationMatcher.match(operation.method, path: path) == operation)
            for parameter in operation.pathParameters {
                #expect(operation.value(ofPathParameter: parameter, in: path) ?? "" == value)
            }
        }
    }

    @Test func `resolves every path that two templates fit by the leftmost fixed text`() {
        let reference = ReferenceMatcher()
        let pairs = reference.ambiguousPairs()
        #expect(pairs.count == 53)
        for pair in pairs {
            let found = OperationMatcher.match(pair.first.method, path: pair.path)
            #expect(found != nil && found == reference.match(pair.first.method, path: pair.path), "\(pair)")
        }
    }

    @Test(arguments: [
        (OperationMethod.get, "/v5/p/download/tags", "ListDownloadExportedFile"),
        (.get, "/v5/p/files/tags", "ListProjectTags"),
        (.get, "/v5/p/baseline/detection/tags", "RunBaselineDetect"),
        (.get, "/v5/p/image/whitelists/apps", "ShowImageWhiteListDetail"),
        (.get, "/v5/p/image/anything/apps", "ListImageApps"),
        (.get, "/v5/p/vulnerability/host/apps", "ListHostVuls"),
        (.get, "/v5/p/vulnerability/h/apps", "ListVulHostApps"),
        (.get, "/v5/p/asset/manual-collect/kernel-module", "ShowHostAssetManualCollectStatus"),
        (.get, "/v5/p/asset/host/kernel-module", "ListKernelModuleHostInfo"),
        (.get, "/v5/setting/account/tags", "ListProjectTags"),
    ])
    func `resolves a path that more than one template fits`(method: OperationMethod, path: String, name: String) {
        #expect(OperationMatcher.match(method, path: path)?.name == name)
    }

    @Test(arguments: [
        "", "/", "//", "v5", "/v5", "/v5/", "/v5/p", "/v5/p/", "/v5/p/image", "v5/p/image/baseline/export", "/v5/p/image/baseline/export/",
        "/v5//image/baseline/export", "/v5/p/image//baseline/export", "//v5/p/image/baseline/export", "/v5/p/image/baseline/export/more",
        "/v5/p/image/baseline/expor", "/v5/p/image/baseline/exports", "/V5/p/image/baseline/export", "/v5/p/Image/baseline/export",
        "/v5/p/image/baseline/%65xport", "/v5/p/image/baseline%2Fexport", "/v4/p/image/baseline/export", "/v5/p/image/baseline/export?",
        "/v5/p/q/image/baseline/export", "/v3/auth/tokens", "/v5/setting/account", "/v5/setting/account/Accounts",
    ])
    func `resolves nothing else`(path: String) {
        #expect(OperationMatcher.match(.post, path: path) == nil)
    }

    @Test func `resolves no path under another method`() {
        #expect(OperationMatcher.match(.get, path: "/v5/p/image/baseline/export") == nil)
        #expect(OperationMatcher.match(.delete, path: "/v5/p/export-task/t") == nil)
        #expect(OperationMatcher.match(.put, path: "/v5/p/download/f") == nil)
    }

    @Test func `resolves no template after a small change`() {
        let reference = ReferenceMatcher()
        for operation in Operation.allCases {
            let path = operation.template.replacing(#/\{[a-z_]+\}/#, with: "value")
            for changed in [
                path + "/", "/" + path, path + "/more/and/more", String(path.dropFirst()), path.uppercased(),
                path.replacing("/v5", with: "/v5/"),
            ] {
                #expect(OperationMatcher.match(operation.method, path: changed) == nil, "\(changed)")
            }
            for changed in [String(path.dropLast()), path + "x", path.replacing("value", with: "")] {
                #expect(OperationMatcher.match(operation.method, path: changed) == reference.match(operation.method, path: changed))
            }
        }
    }

    @Test func `agrees with its definition on paths put together by chance`() {
        let reference = ReferenceMatcher()
        let segments = Array(Set(Operation.allCases.flatMap { $0.template.split(separator: "/") }.filter { $0.first != "{" })).sorted()
        var random = SplitMix64(state: 20_260_801)
        var found = 0
        for _ in 0..<1500 {
            let template = Operation(index: Int.random(in: 0..<Operation.count, using: &random)).template.split(separator: "/")
            let path = template.map { segment in
                let dice = Int.random(in: 0..<10, using: &random)
                return dice < 3 || segment.first == "{" ? segments.randomElement(using: &random) ?? "" : dice == 9 ? "x" : segment
            }
            let text = "/v5/p/" + path.dropFirst(2).joined(separator: "/")
            for method in OperationMethod.allCases {
                let expected = reference.match(method, path: text)
                #expect(OperationMatcher.match(method, path: text) == expected, "\(method) \(text)")
                if expected != nil { found += 1 }
            }
        }
        #expect(found > 100)
    }

    @Test func `enters few nodes whatever the path`() {
        let widest = WidestPath.search()
        #expect(widest.enteredNodes == 14)
        for column in [PathTrie.NodeColumn.get, PathTrie.NodeColumn.post, PathTrie.NodeColumn.put, PathTrie.NodeColumn.delete] {
            var search = OperationMatcher.Search(methodColumn: column)
            _ = search.descend(widest.path.utf8.span, from: 1, node: 0)
            #expect(search.enteredNodes <= widest.enteredNodes)
        }
        #expect(Operation.allCases.map { $0.template.split(separator: "/").count }.max() == 9)
    }
}
