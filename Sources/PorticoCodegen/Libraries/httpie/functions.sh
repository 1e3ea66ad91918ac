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

# Prints a header as an item of HTTPie: name and value. A value that begins with a separator would be a file or JSON.
header() {
    [[ $2 != *[$'\r\n']* ]] || fail "$1: a header must not have line breaks" || return
    case $2 in
    '') printf '%s;' "$1" ;;
    [=@:\;]*) printf '%s:\\%s' "$1" "$2" ;;
    *) printf '%s:%s' "$1" "$2" ;;
    esac
}

# Prints a variable of the environment that an operation needs.
need() {
    [[ ${!1-} ]] || fail "nothing was sent: set $1" || return
    [[ ${!1} != *[$'\r\n']* ]] || fail "$1 must not have line breaks" || return
    printf '%s' "${!1}"
}

# Sends a request: credentials as options, then method and path, then options (`--name=value`) and items of HTTPie.
send() {
    local query='' value id secret
    local -a options=() items=()
    while [[ $1 == --* ]]; do
        case $1 in
        --api-key)
            value=$(need API_KEY) && value=$(header x-api-key "$value") || return
            items+=("$value")
            ;;
        --bearer)
            value=$(need TOKEN) && value=$(header Authorization "Bearer $value") || return
            items+=("$value")
            ;;
        --token)
            value=$(need TOKEN) && value=$(header "$2" "$value") || return
            items+=("$value")
            shift
            ;;
        --basic)
            id=$(need USERNAME) && secret=$(need PASSWORD) || return
            options+=(--auth-type=basic "--auth=$id:$secret")
            ;;
        --header-key)
            value=$(need "$3") && value=$(header "$2" "$value") || return
            items+=("$value")
            shift 2
            ;;
        --query-key)
            value=$(need "$3") || return
            query="$(encode "$2")=$(encode "$value")"
            shift 2
            ;;
        --sigv4)
            # By the plugin httpie-aws-authv4, which reads region and session token from the environment.
            id=$(need AWS_ACCESS_KEY_ID) && secret=$(need AWS_SECRET_ACCESS_KEY) || return
            options+=(--auth-type=aws4 "--auth=$id:$secret")
            ;;
        esac
        shift
    done
    local method=$1 url=${BASE_URL%/}$2 separator='?'
    shift 2
    [[ $url != *\?* ]] || separator='&'
    [[ ! $query ]] || url+=$separator$query
    # HTTPie wants all items behind the address, and no option between them.
    for value in "$@"; do
        if [[ $value == -* ]]; then options+=("$value"); else items+=("$value"); fi
    done
    # Dots are sent as they are; a status of an error is an exit status other than 0.
    http --check-status --ignore-netrc --path-as-is --timeout=30 "${options[@]}" "$method" "$url" "${items[@]}"
}
