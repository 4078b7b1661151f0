# The translator of -Filter, by itself and against the sandbox's own idea of filters.
. "$PSScriptRoot/azureadpreview.ps1"
$null = Connect-AzureAD

function Get-Translation([string] $Filter) { [GuestRedemption.AzureADPreview.FilterTranslator]::Translate($Filter, [Func[string]] { 'contoso.onmicrosoft.com' }) }
function Get-Quoted([string] $Text) { "'" + $Text.Replace("'", "''") + "'" }

# A generator that repeats itself from run to run.
$random = [Random]::new(20210326)
function Get-One($From) { $From[$random.Next(@($From).Count)] }
function Get-AnyCase([string] $Text) { -join ($Text.ToCharArray() | ForEach-Object { if ($random.Next(2)) { [char]::ToUpperInvariant($_) } else { [char]::ToLowerInvariant($_) } }) }

$translations = [ordered]@{
    # the names
    "ObjectId eq '1'"                                        = "id eq '1'"
    "UserState eq 'PendingAcceptance'"                       = "externalUserState eq 'PendingAcceptance'"
    "DirSyncEnabled eq true"                                 = "onPremisesSyncEnabled eq true"
    "ImmutableId eq 'aXY='"                                  = "onPremisesImmutableId eq 'aXY='"
    "startswith(Title,'Sales')"                              = "startsWith(jobTitle,'Sales')"
    "JobTitle eq 'Buyer'"                                    = "jobTitle eq 'Buyer'"
    "MailNickName eq 'alice'"                                = "mailNickname eq 'alice'"
    "DeletionTimestamp ge datetime'2024-01-01T00:00:00Z'"    = "deletedDateTime ge 2024-01-01T00:00:00Z"
    "createdDateTime ge datetime'2024-01-01T00:00:00Z'"      = "createdDateTime ge 2024-01-01T00:00:00Z +"
    "RefreshTokensValidFromDateTime le datetime'2024-01-01'" = "signInSessionsValidFromDateTime le 2024-01-01T00:00:00Z +"
    "LastDirSyncTime le datetime'2024-01-01T00:00:00Z'"      = "onPremisesLastSyncDateTime le 2024-01-01T00:00:00Z"
    "Mobile eq '1'"                                          = "mobilePhone eq '1' +"
    "PhysicalDeliveryOfficeName eq 'x'"                      = "officeLocation eq 'x' +"
    "FacsimileTelephoneNumber eq '1'"                        = "faxNumber eq '1' +"
    "CompanyName eq 'x'"                                     = "companyName eq 'x' +"
    "TelephoneNumber eq '1'"                                 = "businessPhones/any(x:x eq '1')"
    "startswith(TelephoneNumber,'+31')"                      = "businessPhones/any(x:startsWith(x,'+31'))"
    "SipProxyAddress eq 'a@b.c'"                             = "imAddresses/any(x:x eq 'a@b.c')"
    "externalUserState eq 'Accepted' and mobilePhone eq '1'" = "externalUserState eq 'Accepted' and mobilePhone eq '1' +"
    "extension_0123456789abcdef0123456789abcdef_Badge eq '7'" = "extension_0123456789abcdef0123456789abcdef_Badge eq '7'"
    # operators and brackets
    "userType ne 'Guest'"                                    = "userType ne 'Guest' +"
    "not userType eq 'Guest'"                                = "not (userType eq 'Guest') +"
    "not (userType eq 'Guest' or mail eq 'x')"               = "not (userType eq 'Guest' or mail eq 'x') +"
    "not not userType eq 'Guest'"                            = "userType eq 'Guest'"
    "(userType eq 'Guest') and (mail eq 'a' or mail eq 'b')" = "(userType eq 'Guest') and (mail eq 'a' or mail eq 'b')"
    "mail eq null"                                           = "mail eq null +"
    "mail ne null"                                           = "mail ne null +"
    "userType in ('Guest', 'Member')"                        = "userType in ('Guest','Member')"
    "userStateChangedOn lt datetime'2024-05-31T12:00:00'"    = "(externalUserStateChangeDateTime le 2024-05-31T12:00:00Z and externalUserStateChangeDateTime ne 2024-05-31T12:00:00Z) +"
    "userStateChangedOn gt 2024-05-31T12:00:00+02:00"        = "(externalUserStateChangeDateTime ge 2024-05-31T10:00:00Z and externalUserStateChangeDateTime ne 2024-05-31T10:00:00Z) +"
    "userStateChangedOn le '2024-05-31T12:00:00.5Z'"         = "externalUserStateChangeDateTime le 2024-05-31T12:00:00.5Z"
    "displayName ge 'M'"                                     = "displayName ge 'M' +"
    # functions
    "startswith(displayName,'A') eq true"                    = "startsWith(displayName,'A')"
    "startswith(displayName,'A') eq false"                   = "not (startsWith(displayName,'A')) +"
    "(userType eq 'Guest') ne true"                          = "not (userType eq 'Guest') +"
    "endswith(userPrincipalName,'#EXT#@x.y')"                = "endsWith(userPrincipalName,'#EXT#@x.y') +"
    "startswith(mobile,'+31')"                               = "startsWith(mobilePhone,'+31') +"
    # lists
    "otherMails/any(c:c eq 'a@b.c')"                         = "otherMails/any(c:c eq 'a@b.c')"
    "OtherMails eq 'a@b.c'"                                  = "otherMails/any(x:x eq 'a@b.c')"
    "OtherMails ne 'a@b.c'"                                  = "not (otherMails/any(x:x eq 'a@b.c')) +"
    "proxyAddresses/any(p:startswith(p,'smtp:a'))"           = "proxyAddresses/any(p:startsWith(p,'smtp:a'))"
    "proxyAddresses/any(p:endswith(p,'@b.c'))"               = "proxyAddresses/any(p:endsWith(p,'@b.c')) +"
    "signInNames/any(x:x/value eq 'joe@x.com')"              = "identities/any(x:(x/issuerAssignedId eq 'joe@x.com' and x/issuer eq 'contoso.onmicrosoft.com'))"
    "assignedPlans/any(p:p/servicePlanId eq guid'9AAF7827-d63c-4b61-89c3-182f06f82e5c')" = "assignedPlans/any(p:p/servicePlanId eq 9aaf7827-d63c-4b61-89c3-182f06f82e5c) +"
    "assignedLicenses/any(l:l/skuId eq 9aaf7827-d63c-4b61-89c3-182f06f82e5c)" = "assignedLicenses/any(l:l/skuId eq 9aaf7827-d63c-4b61-89c3-182f06f82e5c)"
    "objectId eq guid'9aaf7827-d63c-4b61-89c3-182f06f82e5c'" = "id eq '9aaf7827-d63c-4b61-89c3-182f06f82e5c'"
    # what stands in texts stays
    "displayName eq 'ObjectId eq ''UserState'' and not (x)'"  = "displayName eq 'ObjectId eq ''UserState'' and not (x)'"
    "displayName eq ''"                                      = "displayName eq ''"
    "  mail   eq`t'a'  "                                     = "mail eq 'a'"
}

It 'translates names, literals, operators, functions and lists' {
    foreach ($filter in $translations.Keys) {
        $graph = Get-Translation $filter
        Assert-Equal $translations[$filter] ($graph.Text + $(if ($graph.IsAdvanced) { ' +' })) $filter
    }
}

It 'takes any letter case, and any space' {
    foreach ($filter in $translations.Keys) {
        # texts, variables, times and what applications named stay as they are
        $words = [regex]'''(?:[^'']|'''')*''|extension_\w+|[0-9][\w:.+-]*|(?<word>[A-Za-z]{2,})|(?<space>\s+)'
        $other = ' ' + $words.Replace($filter, {
                param($match)
                if ($match.Groups['word'].Success) { Get-AnyCase $match.Value }
                elseif ($match.Groups['space'].Success) { Get-One ' ', '   ', "`t", "`r`n" }
                else { $match.Value }
            })
        Assert-Equal (Get-Translation $filter).Text (Get-Translation $other).Text $other
    }
}

It 'leaves what is Microsoft Graph''s already' {
    foreach ($filter in @($translations.Keys) -notlike 'signInNames*') {
        $once = Get-Translation $filter
        $twice = Get-Translation $once.Text
        Assert-Equal $once.Text $twice.Text $filter
        Assert-Equal $once.IsAdvanced $twice.IsAdvanced "advanced: $filter"
    }
}

It 'keeps every text, whatever stands in it' {
    $pieces = "'", "''", ' eq ', 'ObjectId', '(', ')', 'and ', 'ä', '☕', "`n", '"', '#EXT#@', 'datetime''', ',', '/any(', '+', '%27', '$count=true'
    for ($i = 0; $i -lt 300; $i++) {
        $text = -join (1..$random.Next(1, 8) | ForEach-Object { Get-One $pieces })
        Assert-Equal "displayName eq $(Get-Quoted $text)" (Get-Translation "DisplayName eq $(Get-Quoted $text)").Text
    }
}

It 'says what cannot be translated, and where' {
    $faults = [ordered]@{
        ''                                            = 1, 'a property'
        "foo eq 'x'"                                  = 1, "'foo'"
        "userType eq 'Guest' and foo eq 'x'"          = 25, "'foo'"
        "isCompromised eq true"                       = 1, 'IsCompromised'
        "passwordProfile eq null"                     = 1, 'PasswordProfile'
        "objectType eq 'User'"                        = 1, 'ObjectType'
        "passwordProfile/password eq 'x'"             = 1, 'passwordProfile/password'
        "substringof('x',displayName)"                = 1, 'substringof'
        "userType eq 'Guest' and tolower(mail) eq 'x'" = 25, 'tolower'
        "otherMails/all(x:x eq 'a')"                  = 1, 'otherMails/all'
        "displayName eq 'O'Brien'"                    = 24, 'no closing quote'
        "displayName eq 'x"                           = 16, 'no closing quote'
        "displayName eq x"                            = 16, 'text in single quotes'
        "displayName eq true"                         = 16, 'text in single quotes'
        "displayName eq"                              = 15, 'a value'
        "displayName is 'x'"                          = 13, 'one of eq'
        "'Guest' eq userType"                         = 1, 'a property'
        "accountEnabled eq 'true'"                    = 19, 'true, false or null'
        "accountEnabled gt true"                      = 16, 'order'
        "userStateChangedOn ge 'yesterday'"           = 23, 'a time'
        "userStateChangedOn ge guid'9aaf7827-d63c-4b61-89c3-182f06f82e5c'" = 23, 'a time'
        "assignedLicenses/any(l:l/skuId eq 'x')"      = 35, 'an id'
        "assignedLicenses/any(l:l/foo eq 'x')"        = 24, 'l/foo'
        "assignedLicenses eq 'x'"                     = 1, 'any(x:x/skuId'
        "otherMails gt 'x'"                           = 12, 'list'
        "otherMails in ('x')"                         = 1, 'list'
        "otherMails/any(x:x ne 'a')"                  = 20, 'not before it'
        "otherMails/any(x:mail eq 'a')"               = 18, 'only x'
        "otherMails/any(x eq 'a')"                    = 18, "':'"
        "otherMails/any()"                            = 16, 'a variable'
        "displayName/any(x:x eq 'a')"                 = 1, 'no list'
        "otherMails/any(x:otherMails/any(y:y eq 'a'))" = 18, 'within another'
        "signInNames/any(x:x/type eq 'a')"            = 19, 'x/type'
        "signInNames/any(x:startswith(x/value,'a'))"  = 30, 'eq'
        "signInNames/any(x:x/value ne 'a')"           = 27, 'eq'
        "startswith(accountEnabled,'x')"              = 12, 'no text'
        "startswith(displayName,null)"                = 24, 'text in single quotes'
        "startswith(displayName,5)"                   = 24, 'text in single quotes'
        "otherMails/any(x/y:x eq 'a')"                = 16, 'a variable'
        "startswith(displayName)"                     = 23, "','"
        "startswith(displayName,'a'"                  = 27, "')'"
        "startswith(displayName,'a') eq 'x'"          = 32, 'true or false'
        "(userType eq 'Guest'"                        = 21, "')'"
        "userType eq 'Guest')"                        = 20, 'and, or'
        "userType eq 'Guest' mail eq 'x'"             = 21, 'and, or'
        "userType = 'Guest'"                          = 10, "'='"
        "userType eq `u{201c}Guest`u{201d}"           = 13, "`u{201c}"
        "userType -eq 'Guest'"                        = 10, "'-'"
    }
    foreach ($filter in $faults.Keys) {
        $thrown = Get-Thrown { Get-Translation $filter }
        $fault = $thrown.Exception.InnerException
        Assert-Equal 'FilterException' $fault.GetType().Name $filter
        Assert-Equal $faults[$filter][0] $fault.Position "where in $filter"
        Assert-True $fault.Message.Contains($faults[$filter][1]) "$filter`: $($fault.Message)"
        Assert-Match "character $($fault.Position) " $fault.Message
    }
    $deep = '(' * 10000
    Assert-Match 'too deeply' (Get-Thrown { Get-Translation $deep })
}

It 'answers anything with a translation or a reason' {
    $pieces = "userType eq 'Guest'", "otherMails/any(x:x eq 'a')", "startswith(mail,'a')", ' and ', ' or ', ' and ', ' or ', 'not ', '(', ')',
        'userType', 'x:', ' in ', ' eq ', "'", ',', '5', '$', '/', "datetime'2024-01-01'"
    $translated = 0
    for ($i = 0; $i -lt 800; $i++) {
        $filter = -join (1..$random.Next(1, 6) | ForEach-Object { Get-One $pieces })
        try {
            $null = Get-Translation $filter
            $translated++
        }
        catch { if ($_.Exception.InnerException.GetType().Name -ne 'FilterException') { throw "$filter`: $_" } }
    }
    Assert-True ($translated -gt 15) "$translated of them are filters"
}

# A filter, and the same as an expression on $_, a user that came without a filter.
function Get-Condition([int] $Depth = 0) {
    $domain = Get-One 'fabrikam.com', 'gmail.com', 'northwind.com'
    switch ($random.Next($(if ($Depth -gt 2) { 7 } else { 11 }))) {
        0 { $v = Get-One 'Guest', 'Member'; "userType eq '$v'", "`$_.UserType -eq '$v'" }
        1 { $v = Get-One 'Accepted', 'PendingAcceptance'; "UserState ne '$v'", "`$_.UserState -ne '$v'" }
        2 { $v = Get-Quoted (Get-One 'a', 'Be', 'S', 'd.o''brien'); "startswith(mail,$v)", "`"`$(`$_.Mail)`".StartsWith($v, 'OrdinalIgnoreCase')" }
        3 { "endswith(Mail, '@$domain')", "`"`$(`$_.Mail)`".EndsWith('@$domain')" }
        4 { $v = Get-One 'smtp:ines.alias@contoso.com', "SMTP:anna.albrecht@$domain"; "proxyAddresses/any(p: p eq '$v')", "`$_.ProxyAddresses -contains '$v'" }
        5 { $v = Get-One 'true', 'false'; "accountEnabled eq $v", "`$_.AccountEnabled -eq `$$v" }
        6 { $op = Get-One 'gt', 'ge', 'lt', 'le'; $v = Get-One $times; "userStateChangedOn $op datetime'$v'", "`$_.UserStateChangedOn -and `$_.UserStateChangedOn -$op '$v'" }
        7 { $inner = Get-Condition ($Depth + 1); "not ($($inner[0]))", "-not ($($inner[1]))" }
        default {
            $sign = Get-One 'and', 'or'
            $left, $right = (Get-Condition ($Depth + 1)), (Get-Condition ($Depth + 1))
            "($($left[0])) $sign ($($right[0]))", "($($left[1])) -$sign ($($right[1]))"
        }
    }
}

It 'finds the users that the filter means, and the service takes every translation' {
    $all = @(Get-AzureADUser -All $true)
    $script:times = @($all.UserStateChangedOn | Where-Object { $_ } | Select-Object -Unique) + [datetime]::UtcNow.AddDays(-100).ToString('yyyy-MM-ddTHH:mm:ssZ')
    $some = 0
    for ($i = 0; $i -lt 80; $i++) {
        $filter, $test = Get-Condition
        $expected = @($all | Where-Object ([scriptblock]::Create($test)))
        $found = @(Get-AzureADUser -Filter $filter -All $true)
        Assert-Equal (@($expected | ForEach-Object ObjectId) -join ' ') (@($found | ForEach-Object ObjectId) -join ' ') $filter
        if ($found.Count -gt 0 -and $found.Count -lt $all.Count) { $some++ }
    }
    Assert-True ($some -gt 30) "$some filters tell users apart"
}

It '-Filter sends the translation, and the header where it is needed' {
    $sent = @(Get-Sent { Get-AzureADUser -Filter "UserType eq 'Guest' and UserState eq 'PendingAcceptance'" })
    Assert-Equal 1 $sent.Count
    Assert-True $sent[0].Path.Contains("`$filter=userType eq 'Guest' and externalUserState eq 'PendingAcceptance'") $sent[0].Path
    Assert-NoMatch 'count=true' $sent[0].Path
    $sent = @(Get-Sent { Get-AzureADUser -Filter "UserType ne 'Guest'" })
    Assert-True $sent[0].Path.EndsWith("`$filter=userType ne 'Guest'&`$count=true") $sent[0].Path
    Assert-Equal 200 $sent[0].Status 'with the header, which the sandbox demands'
}

It 'signInNames asks for the tenant''s initial domain' {
    Disconnect-AzureAD
    $null = Connect-AzureAD
    $sent = @(Get-Sent { Get-AzureADUser -Filter "signInNames/any(x:x/value eq 'joe@x.com')" })
    Assert-True $sent[-1].Path.Contains("x/issuer eq 'contoso.onmicrosoft.com'") $sent[-1].Path
}

It 'a filter that cannot be translated is the old error, and nothing is sent' {
    foreach ($filter in "foo eq 'x'", '', "substringof('x',mail)") {
        $sent = @(Get-Sent { $script:thrown = Get-Thrown { Get-AzureADUser -Filter $filter -ErrorAction SilentlyContinue } })
        Assert-Equal 0 $sent.Count $filter
        Assert-Equal 'Microsoft.Open.AzureAD16.Client.ApiException,Microsoft.Open.AzureAD16.PowerShell.GetUser' $thrown.FullyQualifiedErrorId
        Assert-Match "(?s)^Error occurred while executing GetUsers \nCode: Request_UnsupportedQuery\nMessage: .*character 1 of -Filter\). Nothing was sent\.\n$" $thrown.Exception.Message
        Assert-Equal 'Request_UnsupportedQuery' $thrown.Exception.ErrorContent.Code
    }
}

It 'what the service refuses is the old error too' {
    $thrown = Get-Thrown { Get-AzureADUser -Filter "RefreshTokensValidFromDateTime ge datetime'2024-01-01T00:00:00Z'" }
    Assert-Match "(?s)executing GetUsers \nCode: Request_UnsupportedQuery\nMessage: .*signInSessions.*HttpStatusCode: BadRequest" $thrown.Exception.Message
    Assert-Equal 400 $thrown.Exception.ErrorCode
}

exit $failures
