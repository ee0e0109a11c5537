extension ChineseSentences {
    /// Sentences of requests, callers and their limits: the English one, then the Chinese one. `{}` stands for a value.
    static let requests = """
        The caller {} sends more requests than it may.
        调用方 {} 发送的请求超过了允许的速率。
        Wait as long as Retry-After says.
        请按 Retry-After 所示的时间等待。
        The caller {} has {} requests under way, as many as it may.
        调用方 {} 有 {} 个请求正在处理，已达上限。
        Wait until one of them is answered.
        请等其中一个得到应答后再发。
        The caller {} has made the {} exports that it may make in a day, UTC.
        调用方 {} 已用完一天（UTC）内允许的 {} 次导出。
        Wait until midnight UTC, as long as Retry-After says, or ask the gateway's operator for more.
        请按 Retry-After 等到 UTC 零点，或向网关管理员申请更多次数。
        The query and the body name different enterprise projects.
        查询参数与请求体给出的企业项目不同。
        Name it once, in the query.
        请只在查询参数中给出一次。
        This gateway serves paths under /v5/ only.
        本网关只提供 /v5/ 下的路径。
        Call /v5/{project_id}/… as in the HSS API reference.
        请按 HSS API 参考调用 /v5/{project_id}/…。
        No HSS operation has this method.
        没有使用该方法的 HSS 接口。
        Use GET, POST, PUT or DELETE.
        请使用 GET、POST、PUT 或 DELETE。
        No HSS operation has this method and path.
        没有使用该方法和路径的 HSS 接口。
        Did you mean {} {} ({})?
        您要调用的是否为 {} {}（{}）？
        Compare method and path with the HSS v5 API reference; GET /-/operations lists those that this caller may call.
        请对照 HSS v5 API 参考核对方法和路径；GET /-/operations 列出该调用方可以调用的接口。
        The caller {} has to say why it calls {}, of kind {}.
        调用方 {} 必须说明调用 {}（类别 {}）的原因。
        Send the reason in the header X-Audit-Reason, e.g. a ticket's number.
        请在 X-Audit-Reason 头中写明原因，例如工单号。
        HSS's quota for {} is used up, and the next turn of {} is too far off.
        HSS 对 {} 的配额已用完，{} 的下一个轮次还很远。
        Send it again after Retry-After; the turn is kept until then.
        请在 Retry-After 之后重发；轮次会保留到那时。
        As many requests wait for HSS's quota as may.
        等待 HSS 配额的请求已达上限。
        Try again later; the operator looks at upstream.flow_control.queue.
        请稍后重试；管理员可查看 upstream.flow_control.queue。
        The gateway has as many requests under way as it may.
        网关正在处理的请求已达上限。
        Try again in a moment; the operator looks at limits.in_flight.
        请稍后重试；管理员可查看 limits.in_flight。
        Idempotency-Key is not usable.
        Idempotency-Key 不可用。
        Send 1 to 255 visible ASCII characters, e.g. a UUID.
        请发送 1 到 255 个可见 ASCII 字符，例如 UUID。
        Idempotency-Key stands more than once.
        Idempotency-Key 出现了不止一次。
        Send one Idempotency-Key.
        请只发送一个 Idempotency-Key。
        As many requests wait for the export with this Idempotency-Key as may.
        等待使用此 Idempotency-Key 的导出的请求已达上限。
        Send it again after Retry-After; the operator looks at limits.same_key.
        请在 Retry-After 之后重发；管理员可查看 limits.same_key。
        This Idempotency-Key belongs to another request of the last 24 hours.
        此 Idempotency-Key 属于最近 24 小时内的另一个请求。
        Repeat the same request with it, or send a new key with a new request.
        请用它重复同一请求，或为新请求使用新的键。
        The request can't be signed unambiguously.
        该请求无法被无歧义地签名。
        Use visible ASCII in header values.
        头的值只能使用可见 ASCII 字符。
        What the gateways share can't be reached, so that this request can't be decided now.
        网关之间的共享状态无法访问，因此现在无法裁定该请求。
        Send it again after Retry-After; nothing was sent to HSS. The operator looks at the check `fleet` of /readyz.
        请在 Retry-After 之后重发；没有向 HSS 发送任何内容。管理员可查看 /readyz 的 `fleet` 检查项。
        An export was sent under this Idempotency-Key, and nobody knows whether HSS made a task.
        已有一次导出以此 Idempotency-Key 发出，但无人知道 HSS 是否创建了任务。
        Look for its task in the console, and use a new key if there is none; the operator can settle it.
        请在控制台查找其任务，如果没有则使用新的键；管理员可以了结它。
        The body is larger than the {} bytes that this gateway takes.
        请求体大于本网关接受的 {} 字节。
        Send a smaller body. The operator sets `limits.request_body`; more than {} bytes go by token only.
        请发送更小的请求体。管理员可设置 `limits.request_body`；超过 {} 字节时只能用令牌方式发送。
        The body doesn't say that it is JSON.
        请求体没有声明自己是 JSON。
        Send Content-Type: application/json (curl: -H 'Content-Type: application/json').
        请发送 Content-Type: application/json（curl：-H 'Content-Type: application/json'）。
        The Content-Type names another charset than UTF-8.
        Content-Type 指定了 UTF-8 以外的字符集。
        Send the body in UTF-8, and leave the charset out.
        请以 UTF-8 发送请求体，并省略 charset。
        A compressed request body can't be judged.
        无法检查压缩过的请求体。
        Send the body without Content-Encoding.
        请不带 Content-Encoding 发送请求体。
        Content-Type stands more than once.
        Content-Type 出现了不止一次。
        Send one Content-Type.
        请只发送一个 Content-Type。
        No GET operation of HSS has a body.
        HSS 的 GET 接口都没有请求体。
        Send what you ask for in the query.
        请把要查询的内容放在查询参数中。
        The body names different enterprise projects.
        请求体给出了不同的企业项目。
        This operation takes multipart/form-data.
        此接口使用 multipart/form-data。
        Send the file as multipart/form-data.
        请以 multipart/form-data 发送文件。
        The gateway serves as many connections as it may.
        网关的连接数已达上限。
        Try again in a moment.
        请稍后重试。
        The client certificate of this connection has expired.
        此连接的客户端证书已过期。
        Connect anew, with a certificate that is valid.
        请用有效的证书重新连接。
        This listener doesn't serve the host in the Host field.
        此监听器不为 Host 字段中的主机提供服务。
        Address the gateway by one of its configured names.
        请使用为网关配置的名称访问。
        The request has more than {} fields.
        请求的字段多于 {} 个。
        Send fewer header fields.
        请减少头字段。
        The request's head breaks the rules of HTTP/2.
        请求头违反 HTTP/2 的规则。
        Check the client's pseudo-header fields and header fields against RFC 9113.
        请对照 RFC 9113 检查客户端的伪头字段和头字段。
        Content-Length announces a body, and the request ends without one.
        Content-Length 声明了请求体，而请求没有请求体就结束了。
        Send the body, or no Content-Length.
        请发送请求体，或不带 Content-Length。
        The body is not as long as Content-Length says.
        请求体的长度与 Content-Length 不符。
        Send a body of the announced length, or no Content-Length.
        请按声明的长度发送请求体，或不带 Content-Length。
        The bytes received are not an HTTP/1.1 request.
        收到的字节不是 HTTP/1.1 请求。
        Check that the client speaks plain HTTP/1.1 to this port.
        请确认客户端以明文 HTTP/1.1 访问此端口。
        There is a blank in the request's path or query.
        请求的路径或查询参数中有空格。
        Percent-encode it: a blank is %20.
        请做百分号编码：空格为 %20。
        The request's method is not one that this gateway knows.
        本网关不认识该请求方法。
        Use GET, HEAD, POST, PUT or DELETE, in capitals: methods are case-sensitive.
        请使用 GET、HEAD、POST、PUT 或 DELETE，并且大写：方法名区分大小写。
        A chunk of the body has no valid size or end.
        请求体的某个分块没有有效的大小或结尾。
        Check the client's chunked encoding.
        请检查客户端的 chunked 编码。
        The request's head is larger than this gateway reads.
        请求头大于本网关读取的上限。
        Send fewer or shorter header fields.
        请减少或缩短头字段。
        The request's head did not arrive in time.
        请求头没有按时到达。
        Send the whole head at once.
        请一次发完整个请求头。
        The request's body did not arrive in time.
        请求体没有按时到达。
        Send the announced body without long pauses.
        请连续发送已声明的请求体，不要长时间停顿。
        The gateway has no page of its own by this path.
        网关没有此路径的自有页面。
        {} are there.
        可用的有 {}。
        The gateway's own pages are only read.
        网关的自有页面只能读取。
        Use GET or HEAD.
        请使用 GET 或 HEAD。
        The region header stands more than once.
        region 头出现了不止一次。
        Send one region header.
        请只发送一个 region 头。
        X-Language stands more than once.
        X-Language 出现了不止一次。
        Send one X-Language.
        请只发送一个 X-Language。
        Range stands more than once.
        Range 出现了不止一次。
        Send one Range; several parts stand in one field.
        请只发送一个 Range；多个区间写在同一个字段中。
        If-Range stands more than once.
        If-Range 出现了不止一次。
        Send one If-Range.
        请只发送一个 If-Range。
        X-Audit-Reason stands more than once.
        X-Audit-Reason 出现了不止一次。
        Send one X-Audit-Reason.
        请只发送一个 X-Audit-Reason。
        X-Audit-Reason is not UTF-8.
        X-Audit-Reason 不是 UTF-8。
        Send it in UTF-8, or percent-encode its UTF-8: 审计 is %E5%AE%A1%E8%AE%A1.
        请以 UTF-8 发送，或对其 UTF-8 做百分号编码：审计 为 %E5%AE%A1%E8%AE%A1。
        The region header names another region than the project {} may be asked about.
        region 头给出的区域不是项目 {} 可以查询的区域。
        Leave the region header out, or send {}. The operator lists more under the project's `regions`.
        请去掉 region 头，或发送 {}。管理员可在项目的 `regions` 中列出更多。
        The target names another host than the Host field.
        请求目标给出的主机与 Host 字段不同。
        Send the path alone, or the same authority in both places.
        请只发送路径，或在两处使用相同的主机。
        The request target is neither a path nor an absolute http URL.
        请求目标既不是路径，也不是绝对的 http URL。
        Send a path that begins with /v5/.
        请发送以 /v5/ 开头的路径。
        The HTTP version {}.{} is not spoken on this port.
        此端口不支持 HTTP 版本 {}.{}。
        Use HTTP/1.1.
        请使用 HTTP/1.1。
        A request carries exactly one Host field; this one has {}.
        请求必须恰有一个 Host 字段；此请求有 {} 个。
        Send one Host field.
        请发送一个 Host 字段。
        The Host field is not a host with an optional port.
        Host 字段不是带可选端口的主机。
        Send Host: name or Host: name:port.
        请发送 Host: name 或 Host: name:port。
        A header value contains a control character.
        某个头的值含有控制字符。
        Remove control characters from header values.
        请从头的值中去掉控制字符。
        The only transfer coding understood is chunked, once.
        唯一支持的传输编码是 chunked，且只能一次。
        Send Transfer-Encoding: chunked or Content-Length.
        请发送 Transfer-Encoding: chunked 或 Content-Length。
        Content-Length and Transfer-Encoding stand together.
        Content-Length 与 Transfer-Encoding 同时出现。
        Send one of them.
        请只发送其中一个。
        HTTP/1.0 has no Transfer-Encoding.
        HTTP/1.0 没有 Transfer-Encoding。
        Use HTTP/1.1 or Content-Length.
        请使用 HTTP/1.1 或 Content-Length。
        Content-Length is not one decimal number.
        Content-Length 不是一个十进制数。
        Send one Content-Length with digits only.
        请发送一个只含数字的 Content-Length。
        """
}
