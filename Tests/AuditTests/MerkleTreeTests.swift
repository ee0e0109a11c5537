import Foundation
import Testing

@testable import Audit

@Suite struct MerkleTreeTests {
    /// Roots of the trees over the first n of eight known leaves, as published with the reference implementation of RFC 6962.
    static let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.count, by: 2).compactMap { UInt8(hexadecimal.dropFirst($0).prefix(2), radix: 16) }
    }

    @Test func `gives the published roots`() {
        var tree = MerkleTree()
        #expect(tree.root.description == Self.roots[0])
        for (leaf, root) in zip(Self.leaves, Self.roots.dropFirst()) {
            Self.bytes(leaf).withUnsafeBytes { tree.append($0) }
            #expect(tree.root.description == root)
        }
    }

    @Test(arguments: [0, 1, 5, 8, 13] as [UInt64], [1, 2, 3, 7, 64, 100] as [UInt64])
    func `appends missing leaves as if they had come one by one`(before: UInt64, missing: UInt64) {
        var quick = MerkleTree()
        for number in 0..<before { [UInt8(number)].withUnsafeBytes { quick.append($0) } }
        var slow = quick
        quick.appendMissing(missing)
        for _ in 0..<missing { [UInt8]().withUnsafeBytes { slow.append($0) } }
        #expect(quick == slow)
        quick.appendMissing(1 << 40)
        #expect(quick.size == before + missing + (1 << 40))
    }

    @Test func `goes on from a kept frontier, and refuses one that does not fit its size`() throws {
        var tree = MerkleTree()
        for number in 0..<11 { [UInt8(number)].withUnsafeBytes { tree.append($0) } }
        #expect(MerkleTree(size: 11, frontier: tree.frontier) == tree)
        #expect(MerkleTree(size: 12, frontier: tree.frontier) == nil)
    }
}
