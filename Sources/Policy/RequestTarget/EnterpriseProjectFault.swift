/// What can be wrong with the parameter `enterprise_project_id`, in a query or in a JSON body.
package enum EnterpriseProjectFault: Error, Equatable, Sendable {
    /// It occurs more than once; the same value twice is also refused, because servers differ in which one they use.
    case repeated
    /// Its name is spelled with percent escapes.
    case encodedName
    /// A name that a lenient server may accept as it: another case, other separators, brackets.
    case lookAlikeName
    /// Another parameter's value looks like a query that contains it.
    case hiddenInValue
    /// It has no value.
    case empty
    /// Its value has more than 256 characters.
    case tooLong
    /// Its value contains a character other than letters, digits, `_` and `-`.
    case forbiddenCharacter
    /// A value that a lenient server may accept as `all_granted_eps`.
    case lookAlikeValue
    /// In a JSON body: its value is not a string.
    case notAString
    /// In a JSON body: it occurs in more objects than are checked.
    case tooMany(limit: Int)

    /// What is wrong, in one sentence for the caller.
    package var sentence: String {
        switch self {
        case .repeated: "enterprise_project_id is given more than once."
        case .encodedName: "The name enterprise_project_id is percent-encoded; write it plainly."
        case .lookAlikeName: "A parameter's name can be mistaken for enterprise_project_id."
        case .hiddenInValue: "A parameter's value contains enterprise_project_id behind an encoded separator."
        case .empty: "enterprise_project_id has no value."
        case .tooLong: "enterprise_project_id has more than \(EnterpriseProjectParameter.maximumValueBytes) characters."
        case .forbiddenCharacter: "enterprise_project_id holds a character other than letters, digits, '_' and '-'."
        case .lookAlikeValue: "enterprise_project_id can be mistaken for \(EnterpriseProjectRights.allGranted); write that in small letters."
        case .notAString: "enterprise_project_id in the body is not a string."
        case .tooMany(let limit): "enterprise_project_id occurs more than \(limit) times in the body."
        }
    }
}
