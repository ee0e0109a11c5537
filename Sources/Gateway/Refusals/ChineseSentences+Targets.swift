extension ChineseSentences {
    /// Sentences of paths, queries and bodies: the English one, then the Chinese one. `{}` stands for a value.
    static let targets = """
        enterprise_project_id is given more than once.
        enterprise_project_id 给出了不止一次。
        The name enterprise_project_id is percent-encoded; write it plainly.
        名称 enterprise_project_id 做了百分号编码；请直接书写。
        A parameter's name can be mistaken for enterprise_project_id.
        某个参数的名称可能被误认为 enterprise_project_id。
        A parameter's value contains enterprise_project_id behind an encoded separator.
        某个参数的值在编码过的分隔符之后含有 enterprise_project_id。
        enterprise_project_id has no value.
        enterprise_project_id 没有值。
        enterprise_project_id has more than {} characters.
        enterprise_project_id 超过 {} 个字符。
        enterprise_project_id holds a character other than letters, digits, '_' and '-'.
        enterprise_project_id 含有字母、数字、'_' 和 '-' 以外的字符。
        enterprise_project_id can be mistaken for {}; write that in small letters.
        enterprise_project_id 可能被误认为 {}；请用小写字母书写它。
        enterprise_project_id in the body is not a string.
        请求体中的 enterprise_project_id 不是字符串。
        enterprise_project_id occurs more than {} times in the body.
        enterprise_project_id 在请求体中出现超过 {} 次。
        The Content-Type of the form names no boundary, or more than one.
        表单的 Content-Type 没有给出分隔符，或给出了不止一个。
        The form's parts can't be told apart in one way only.
        表单各部分的划分方式不唯一。
        A part of the form has no name that is written plainly.
        表单的某一部分没有直接书写的名称。
        A part of the form is encoded.
        表单的某一部分做了编码。
        enterprise_project_id stands in a form, or a name that can be mistaken for it.
        表单中出现了 enterprise_project_id，或可能被误认为它的名称。
        The body is empty, not JSON.
        请求体为空，不是 JSON。
        The body begins with a byte order mark; JSON has none.
        请求体以字节顺序标记开头；JSON 没有该标记。
        The body's JSON ends too early.
        请求体的 JSON 过早结束。
        The body is not JSON: byte 0x{} at offset {} doesn't belong there.
        请求体不是 JSON：字节 0x{}（偏移 {}）不应出现。
        Something follows the body's JSON value at offset {}.
        请求体的 JSON 值之后在偏移 {} 处还有内容。
        The body's JSON is nested deeper than {} levels.
        请求体的 JSON 嵌套超过 {} 层。
        The body's JSON has a malformed number at offset {}.
        请求体的 JSON 在偏移 {} 处有格式错误的数字。
        The body's JSON has a malformed escape at offset {}.
        请求体的 JSON 在偏移 {} 处有格式错误的转义。
        The body's JSON has half of a surrogate pair at offset {}.
        请求体的 JSON 在偏移 {} 处只有半个代理对。
        The body's JSON has a raw control character in a string at offset {}.
        请求体的 JSON 在偏移 {} 处的字符串中有未转义的控制字符。
        The body's JSON is not UTF-8 at offset {}.
        请求体的 JSON 在偏移 {} 处不是 UTF-8。
        The request target does not begin with '/'.
        请求目标不以 '/' 开头。
        The request target has {} bytes; {} are the most.
        请求目标有 {} 字节；最多 {} 字节。
        The path has more than {} segments.
        路径超过 {} 段。
        The query has more than {} parameters.
        查询参数超过 {} 个。
        Byte 0x{} at offset {} must be percent-encoded.
        字节 0x{}（偏移 {}）必须做百分号编码。
        There is a control character at offset {}.
        偏移 {} 处有控制字符。
        There is a '#' at offset {}; a request target has no fragment.
        偏移 {} 处有 '#'；请求目标没有片段。
        The '%' at offset {} is not followed by two hexadecimal digits.
        偏移 {} 处的 '%' 之后不是两个十六进制数字。
        The escapes at offset {} don't decode to UTF-8.
        偏移 {} 处的转义不能解码为 UTF-8。
        The name of the query parameter at offset {} is empty, too long or not made of plain characters.
        偏移 {} 处的查询参数名为空、过长或含有非普通字符。
        The query parameter at offset {} names a project; only the path does that.
        偏移 {} 处的查询参数给出了项目；只有路径可以这样做。
        The query parameter at offset {} carries a credential; the gateway brings its own.
        偏移 {} 处的查询参数带有凭据；网关使用自己的凭据。
        There is a raw ';' or a second '?' at offset {}; encode it, or separate parameters with '&'.
        偏移 {} 处有未编码的 ';' 或第二个 '?'；请将其编码，或用 '&' 分隔参数。
        The path has an empty segment at offset {}.
        路径在偏移 {} 处有空段。
        The path ends in '/'.
        路径以 '/' 结尾。
        The path has a '.' or '..' segment at offset {}.
        路径在偏移 {} 处有 '.' 或 '..' 段。
        The path has an encoded slash at offset {}.
        路径在偏移 {} 处有编码过的斜杠。
        There is a backslash at offset {}.
        偏移 {} 处有反斜杠。
        The path has a ';' at offset {}.
        路径在偏移 {} 处有 ';'。
        The path is percent-encoded twice at offset {}.
        路径在偏移 {} 处做了两次百分号编码。
        The path segment at offset {} begins or ends with a space.
        偏移 {} 处的路径段以空格开头或结尾。
        The path has a character at offset {} that can be mistaken for a delimiter.
        路径在偏移 {} 处有可能被误认为分隔符的字符。
        The request target is malformed.
        请求目标的格式错误。
        Leave it out: control characters are refused, encoded or not.
        请去掉它：控制字符无论是否编码都会被拒绝。
        Leave it out: a ';' in a path is refused, encoded or not, since some servers cut the path there.
        请去掉它：路径中的 ';' 无论是否编码都会被拒绝，因为有些服务器会在此截断路径。
        Leave it out: a slash or backslash inside a segment is refused, encoded or not; no id or name of the API has one.
        请去掉它：段内的斜杠或反斜杠无论是否编码都会被拒绝；API 的 ID 和名称都不含它。
        Remove the outer space: it is refused, encoded or not, since some servers cut it off.
        请去掉首尾空格：无论是否编码都会被拒绝，因为有些服务器会将其截去。
        Write the plain character that is meant; ones that only look like it are refused, encoded or not.
        请书写所要表达的普通字符；仅形似的字符无论是否编码都会被拒绝。
        Write the path as the API page has it, without empty or dot segments and without a slash at its end.
        请按 API 页面书写路径，不含空段或点段，末尾不带斜杠。
        Write the parameter's name as the API page has it: ASCII letters, digits, '_', '-' and '.', 64 bytes at most.
        请按 API 页面书写参数名：ASCII 字母、数字、'_'、'-' 和 '.'，最多 64 字节。
        Name the project in the path, behind /v5/, and nowhere else.
        请在 /v5/ 之后的路径中写明项目，不要写在别处。
        Leave it out.
        请去掉它。
        Send less: filters that take lists can be split over several requests.
        请减少内容：列表形式的过滤条件可以分成多个请求。
        Send the path with its query, from the first '/' on.
        请从第一个 '/' 起发送路径及其查询参数。
        Encode a ';' or '?' in a value as %3B or %3F, and separate parameters with '&'.
        请把值中的 ';' 或 '?' 编码为 %3B 或 %3F，并用 '&' 分隔参数。
        Percent-encode path and query once, as RFC 3986 has it.
        请按 RFC 3986 对路径和查询参数做一次百分号编码。
        """
}
