/// The rules of the parameter that decides which enterprise project a call sees (protocol page c.4).
///
/// It is the tenant boundary: whatever a lenient server might read as this parameter must be judged, so names are compared folded
/// (letters and digits only, in lower case) and a near miss is refused rather than passed on.
package enum EnterpriseProjectParameter {
    /// Its name.
    package static let name = "enterprise_project_id"

    /// The longest value, in characters, as documented.
    package static let maximumValueBytes = 256

    static let nameBytes: [UInt8] = Array(name.utf8)
    static let foldedName: [UInt8] = Array("enterpriseprojectid".utf8)

    /// How many letters the folded name has, known without looking at it.
    static let foldedNameBytes = 19

    /// Whether that is the name in its plain spelling. Lengths are compared first, since nearly every other name has another one.
    static func isName(_ text: ArraySlice<UInt8>) -> Bool {
        text.count == foldedNameBytes + 2 && text.elementsEqual(nameBytes)
    }

    /// What a value must be, wherever it stands.
    static func check(_ value: some Collection<UInt8>) throws(EnterpriseProjectFault) {
        if value.isEmpty { throw .empty }
        if value.count > maximumValueBytes { throw .tooLong }
        for byte in value where !ByteSet.enterpriseProjectValue.contains(byte) {
            throw .forbiddenCharacter
        }
        // An id is hexadecimal and has no g, so that nearly every value ends here.
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
