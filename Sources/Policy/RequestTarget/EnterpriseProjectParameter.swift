/// The rules of the parameter that decides which enterprise project a call accesses (protocol page c.4).
///
/// It is the tenant boundary: everything that a lenient server might accept as this parameter must be checked, so names are compared folded (letters
/// and digits only, in lower case) and a similar name is refused.
package enum EnterpriseProjectParameter {
    /// Its name.
    package static let name = "enterprise_project_id"

    /// The longest value, in characters, as documented.
    package static let maximumValueBytes = 256

    static let nameBytes: [UInt8] = Array(name.utf8)
    static let foldedName: [UInt8] = Array("enterpriseprojectid".utf8)

    /// Number of letters of the folded name, as a constant.
    static let foldedNameBytes = 19

    /// Whether the text is the name in its plain spelling. Lengths are compared first, because nearly all other names have another length.
    static func isName(_ text: ArraySlice<UInt8>) -> Bool {
        text.count == foldedNameBytes + 2 && text.elementsEqual(nameBytes)
    }

    /// Checks a value, in a query or a body.
    static func check(_ value: some Collection<UInt8>) throws(EnterpriseProjectFault) {
        if value.isEmpty { throw .empty }
        if value.count > maximumValueBytes { throw .tooLong }
        for byte in value where !ByteSet.enterpriseProjectValue.contains(byte) {
            throw .forbiddenCharacter
        }
        // An id is hexadecimal and has no g, so nearly every value needs no further check.
        guard value.contains(where: { $0 | 0x20 == UInt8(ascii: "g") }), FoldedName(value) == foldedAllGranted else { return }
        if !value.elementsEqual(EnterpriseProjectRights.allGranted.utf8) { throw .lookAlikeValue }
    }

    private static let foldedAllGranted: StaticString = "allgrantedeps"

    /// Whether a value may be injected as a default; settings are checked with this.
    package static func isValid(_ value: String) -> Bool {
        do throws(EnterpriseProjectFault) {
            try check(value.utf8)
            return true
        } catch {
            return false
        }
    }
}
