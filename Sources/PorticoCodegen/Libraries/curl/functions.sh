# Says what is wrong and fails.
fail() {
    printf '%s\n' "$*" >&2
    return 1
}

# Percent-encodes all but unreserved characters (RFC 3986, section 2.3), and keeps those of the second argument too.
encode() {
    local LC_ALL=C text=$1 kept=${2-} out='' character index code
    for ((index = 0; index < ${#text}; index++)); do
        character=${text:index:1}
        if [[ $character == [a-zA-Z0-9._~-] || ($kept && $character == "$kept") ]]; then
            out+=$character
        else
            printf -v code '%d' "'$character"
            printf -v code '%%%02X' "$((code & 255))"
            out+=$code
        fi
    done
    printf '%s' "$out"
}

# Encodes a path parameter: name, value, and / if its slashes stay.
segment() {
    [[ $2 ]] || fail "$1: a path parameter must not be empty" || return
    case "/$2/" in
    */./* | */../*) fail "$1: a segment of a path must not be . or .." || return ;;
    esac
    encode "$2" "${3-}"
}

# Refuses what would end a header early: name and value.
check_header() {
    [[ $2 != *[$'\r\n']* ]] || fail "$1: a header must not have line breaks"
}

# Prints a variable of the environment that an operation needs.
need() {
    [[ ${!1-} ]] || fail "nothing was sent: set $1" || return
    [[ ${!1} != *[$'\r\n']* ]] || fail "$1 must not have line breaks" || return
    printf '%s' "${!1}"
}

# Writes an option of curl's configuration, which keeps secrets out of the list of processes.
option() {
    local value=${2//\\/\\\\}
    printf '%s = "%s"\n' "$1" "${value//\"/\\\"}"
}

# Sends a request: credentials as options, then method and path, then options of curl.
send() {
    local config='' query='' value id secret
    while [[ $1 == --* ]]; do
        case $1 in
        --api-key)
            value=$(need API_KEY) || return
            config+=$(option header "x-api-key: $value")$'\n'
            ;;
        --bearer)
            value=$(need TOKEN) || return
            config+=$(option header "Authorization: Bearer $value")$'\n'
            ;;
        --token)
            value=$(need TOKEN) || return
            config+=$(option header "$2: $value")$'\n'
            shift
            ;;
        --basic)
            id=$(need USERNAME) && secret=$(need PASSWORD) || return
            config+=$(option user "$id:$secret")$'\n'
            ;;
        --header-key)
            value=$(need "$3") || return
            config+=$(option header "$2: $value")$'\n'
            shift 2
            ;;
        --query-key)
            value=$(need "$3") || return
            query="$(encode "$2")=$(encode "$value")"
            shift 2
            ;;
        --sigv4)
            value=$(need AWS_REGION) && id=$(need AWS_ACCESS_KEY_ID) && secret=$(need AWS_SECRET_ACCESS_KEY) || return
            config+=$(option aws-sigv4 "aws:amz:$value:execute-api")$'\n'
            config+=$(option user "$id:$secret")$'\n'
            if [[ ${AWS_SESSION_TOKEN-} ]]; then
                value=$(need AWS_SESSION_TOKEN) || return
                config+=$(option header "X-Amz-Security-Token: $value")$'\n'
            fi
            ;;
        esac
        shift
    done
    local method=$1 url=${BASE_URL%/}$2 separator='?'
    shift 2
    [[ $url != *\?* ]] || separator='&'
    [[ ! $query ]] || url+=$separator$query
    config+=$(option url "$url")$'\n'
    if [[ $method == HEAD ]]; then
        config+=$'head\n'
    else
        config+=$(option request "$method")$'\n'
    fi
    # Dots and brackets are sent as they are; a status of an error is an exit status other than 0.
    curl --silent --show-error --globoff --path-as-is --fail-with-body --max-time 30 \
        --config <(printf '%s' "$config") "$@"
}
