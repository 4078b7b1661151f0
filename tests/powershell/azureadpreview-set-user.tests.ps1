# Set-AzureADUser: what is written, what cannot be, errors.
. "$PSScriptRoot/azureadpreview.ps1"
$null = Connect-AzureAD

# The body of the one PATCH that the block sends.
function Get-Patched([scriptblock] $Block) {
    $patches = @(Get-Sent $Block | Where-Object Method -EQ 'PATCH')
    Assert-Equal 1 $patches.Count 'one PATCH'
    Assert-Equal 204 $patches[0].Status $patches[0].Body
    $patches[0].Body | ConvertFrom-Json
}

function Get-Dictionary([hashtable] $Values) {
    $dictionary = [Collections.Generic.Dictionary[[string], [string]]]::new()
    foreach ($key in $Values.Keys) { $dictionary.Add($key, $(if ($null -eq $Values[$key]) { [NullString]::Value } else { $Values[$key] })) }
    , $dictionary
}

It 'has the old parameters' {
    $order = 'ObjectId ExtensionProperty AccountEnabled AgeGroup City CompanyName ConsentProvidedForMinor Country CreationType Department ' +
        'DisplayName FacsimileTelephoneNumber GivenName IsCompromised ImmutableId JobTitle MailNickName Mobile OtherMails PasswordPolicies ' +
        'PasswordProfile PhysicalDeliveryOfficeName PostalCode PreferredLanguage ShowInAddressList SignInNames State StreetAddress Surname ' +
        'TelephoneNumber UsageLocation UserPrincipalName UserState UserStateChangedOn UserType'
    Assert-Equal $order ((Get-Parameters Set-AzureADUser).Name -join ' ')
    $types = (Get-Command Set-AzureADUser).Parameters
    Assert-Equal ([Collections.Generic.List[string]]) $types['OtherMails'].ParameterType
    Assert-Equal ([Collections.Generic.Dictionary[string, string]]) $types['ExtensionProperty'].ParameterType
    Assert-Equal 'Microsoft.Open.AzureAD.Model.PasswordProfile' $types['PasswordProfile'].ParameterType.FullName
    Assert-Equal 'Microsoft.Open.AzureAD.Model.SignInName' $types['SignInNames'].ParameterType.GenericTypeArguments[0].FullName
    foreach ($name in 'AccountEnabled', 'IsCompromised', 'ShowInAddressList') { Assert-Equal ([Nullable[bool]]) $types[$name].ParameterType $name }
    foreach ($parameter in Get-Parameters Set-AzureADUser) {
        $isId = $parameter.Name -eq 'ObjectId'
        Assert-Equal "$isId $isId $isId" "$($parameter.IsMandatory) $($parameter.ValueFromPipeline) $($parameter.ValueFromPipelineByPropertyName)" $parameter.Name
    }
}

It 'writes every member under the name that Graph has for it' {
    $members = [ordered]@{
        AccountEnabled = 'accountEnabled', $false; AgeGroup = 'ageGroup', 'Adult'; City = 'city', 'Gouda'; CompanyName = 'companyName', 'Fabrikam'
        ConsentProvidedForMinor = 'consentProvidedForMinor', 'Granted'; Country = 'country', 'NL'; Department = 'department', 'Buying'; DisplayName = 'displayName', 'A'
        FacsimileTelephoneNumber = 'faxNumber', '1'; GivenName = 'givenName', 'A'; ImmutableId = 'onPremisesImmutableId', 'aXY='; JobTitle = 'jobTitle', 'Buyer'
        MailNickName = 'mailNickname', 'a'; Mobile = 'mobilePhone', '2'; PasswordPolicies = 'passwordPolicies', 'None'; PhysicalDeliveryOfficeName = 'officeLocation', '5'
        PostalCode = 'postalCode', '2800'; PreferredLanguage = 'preferredLanguage', 'nl'; ShowInAddressList = 'showInAddressList', $true; State = 'state', 'ZH'
        StreetAddress = 'streetAddress', 'Markt'; Surname = 'surname', 'B'; UsageLocation = 'usageLocation', 'NL'; UserPrincipalName = 'userPrincipalName', 'a@contoso.com'; UserType = 'userType', 'Member'
    }
    $all = @{}
    foreach ($name in $members.Keys) {
        Restore-Sandbox
        $all[$name] = $members[$name][1]
        $one = @{ $name = $members[$name][1] }
        $body = Get-Patched { Set-AzureADUser -ObjectId $alice @one }
        Assert-Equal $members[$name][0] (Get-Names $body) $name
        Assert-Equal $members[$name][1] $body.($members[$name][0]) $name
        Assert-Equal $members[$name][1] (Get-AzureADUser -ObjectId $alice).$name "$name read again"
    }
    Restore-Sandbox
    Assert-Equal $members.Count @((Get-Patched { Set-AzureADUser -ObjectId $aliceName @all }).PSObject.Properties).Count
    $untried = (Get-Parameters Set-AzureADUser).Name | Where-Object { $_ -notin @($members.Keys) }
    Assert-Equal 'ObjectId ExtensionProperty CreationType IsCompromised OtherMails PasswordProfile SignInNames TelephoneNumber UserState UserStateChangedOn' ($untried -join ' ')
}

It 'writes lists, and one telephone number as a list' {
    Assert-Equal 'a@b.c,d@e.f' ((Get-Patched { Set-AzureADUser -ObjectId $alice -OtherMails 'a@b.c', 'd@e.f' }).otherMails -join ',')
    Assert-Equal 'one@b.c' ((Get-AzureADUser -ObjectId $bob), (Set-AzureADUser -ObjectId $bob -OtherMails 'one@b.c'), (Get-AzureADUser -ObjectId $bob))[-1].OtherMails[0]
    $user = Get-AzureADUser -ObjectId $alice
    $user.OtherMails.Add('third@b.c')
    Assert-Equal 'a@b.c,d@e.f,third@b.c' ((Get-Patched { Set-AzureADUser -ObjectId $user.ObjectId -OtherMails $user.OtherMails }).otherMails -join ',')
    $body = Get-Patched { Set-AzureADUser -ObjectId $alice -OtherMails @() }
    Assert-True ($body.otherMails -is [array] -and $body.otherMails.Count -eq 0) 'an empty list'
    Assert-Equal '+31 20' (Get-Patched { Set-AzureADUser -ObjectId $alice -TelephoneNumber '+31 20' }).businessPhones[0]
}

It 'takes a password profile in every form' {
    $profile = New-Object Microsoft.Open.AzureAD.Model.PasswordProfile
    $profile.Password = 'pa55-word'
    $profile.ForceChangePasswordNextLogin = 1
    $profile.EnforceChangePasswordPolicy = $false
    $table = @{ Password = 'pa55-word'; forceChangePasswordNextLogin = $true; EnforceChangePasswordPolicy = $false }
    foreach ($form in $profile, $table, [pscustomobject]$table) {
        $body = Get-Patched { Set-AzureADUser -ObjectId $alice -PasswordProfile $form }
        Assert-Equal 'pa55-word True False' "$($body.passwordProfile.password) $($body.passwordProfile.forceChangePasswordNextSignIn) $($body.passwordProfile.forceChangePasswordNextSignInWithMfa)"
    }
    Assert-Equal 'password' (Get-Names (Get-Patched { Set-AzureADUser -ObjectId $alice -PasswordProfile (New-Object Microsoft.Open.AzureAD.Model.PasswordProfile 'pa55-word') }).passwordProfile)
    Assert-NoMatch 'pa55' "$profile"
    Assert-Match "'Pasword'" (Get-Thrown { Set-AzureADUser -ObjectId $alice -PasswordProfile @{ Pasword = 'x' } }).Exception.Message
}

It '-ExtensionProperty writes further texts, and takes values away' {
    $body = Get-Patched { Set-AzureADUser -ObjectId $alice -ExtensionProperty (Get-Dictionary @{ employeeId = 'E1'; Department = $null; telephoneNumber = $null }) }
    Assert-Equal 'businessPhones department employeeId' (Get-Names $body)
    Assert-Equal 'E1' $body.employeeId
    Assert-Equal $null $body.department
    Assert-Equal 0 $body.businessPhones.Count
    foreach ($nothing in $null, '') { Assert-Equal '{"onPremisesImmutableId":null}' ((Get-Patched { Set-AzureADUser -ObjectId $alice -ImmutableId $nothing }) | ConvertTo-Json -Compress) }
    $extension = 'extension_0123456789abcdef0123456789abcdef_Badge'
    $sent = @(Get-Sent { try { Set-AzureADUser -ObjectId $alice -ExtensionProperty (Get-Dictionary @{ $extension = '7' }) } catch { } })
    Assert-Equal "{`"$extension`":`"7`"}" $sent[-1].Body 'to the service, which knows whether there is such an extension'
}

It 'leaves $null out, and gives an empty text to the service, which refuses it' {
    Assert-Equal '{"city":"Gouda"}' ((Get-Patched { Set-AzureADUser -ObjectId $alice -City 'Gouda' -Department $null -AccountEnabled $null -OtherMails $null -UserState $null }) | ConvertTo-Json -Compress)
    $sent = @(Get-Sent { $script:thrown = Get-Thrown { Set-AzureADUser -ObjectId $alice -Department $null } })
    Assert-Equal 0 $sent.Count
    Assert-Match 'NullString' $thrown.Exception.Message
    Assert-Match "'department'.*\n.*\n.*\nHttpStatusCode: BadRequest" (Get-Thrown { Set-AzureADUser -ObjectId $alice -Department '' }).Exception.Message
}

It 'refuses what nobody can write, and sends nothing' {
    $refused = @{ IsCompromised = $true }, @{ UserState = 'Accepted' }, @{ UserStateChangedOn = '2024-01-01' }, @{ CreationType = 'LocalAccount' },
    @{ SignInNames = (New-Object Microsoft.Open.AzureAD.Model.SignInName) }, @{ City = 'Gouda'; UserState = 'Accepted' },
    @{ ExtensionProperty = (Get-Dictionary @{ createdDateTime = 'x' }) }, @{ ExtensionProperty = (Get-Dictionary @{ accountEnabled = 'true' }) }, @{ ExtensionProperty = (Get-Dictionary @{ foo = 'x' }) }
    foreach ($members in $refused) {
        $sent = @(Get-Sent { $script:thrown = Get-Thrown { Set-AzureADUser -ObjectId $alice @members -ErrorAction SilentlyContinue } })
        Assert-Equal 0 $sent.Count
        Assert-Equal 'Microsoft.Open.AzureAD16.Client.ApiException,Microsoft.Open.AzureAD16.PowerShell.SetUser' $thrown.FullyQualifiedErrorId
        Assert-Match "(?s)^Error occurred while executing SetUser \nCode: Request_BadRequest\nMessage: .*Nothing was sent\.\n$" $thrown.Exception.Message
        $name = @($members.Keys -ne 'City')[0]
        Assert-Match $(if ($name -eq 'ExtensionProperty') { "$($members.ExtensionProperty.Keys)" } else { $name }) $thrown.Exception.Message
    }
    Assert-Match 'No change' (Get-Thrown { Set-AzureADUser -ObjectId $alice }).Exception.Message
}

It 'takes the pipeline, and writes nothing' {
    $sent = @(Get-Sent { $script:output = @(Get-AzureADUser -SearchString 'Sam' | Set-AzureADUser -ShowInAddressList $true) })
    Assert-Equal 0 $output.Count
    Assert-Equal 2 @($sent | Where-Object Method -EQ 'PATCH').Count
    $alice, $bob | Set-AzureADUser -City 'Gouda'
    Assert-Equal 'Gouda Gouda' "$($alice, $bob | Get-AzureADUser | ForEach-Object City)"
    [pscustomobject]@{ ObjectId = $alice; City = 'not taken' } | Set-AzureADUser -Country 'NL'
    Assert-Equal 'Gouda NL' "$((Get-AzureADUser -ObjectId $alice).City) $((Get-AzureADUser -ObjectId $alice).Country)"
}

It 'what the service refuses is the old error' {
    $thrown = Get-Thrown { Set-AzureADUser -ObjectId $alice -UserPrincipalName 'ines@contoso.com' -ErrorAction SilentlyContinue }
    Assert-Equal 'Microsoft.Open.AzureAD16.Client.ApiException,Microsoft.Open.AzureAD16.PowerShell.SetUser' $thrown.FullyQualifiedErrorId
    $form = '(?s)^Error occurred while executing SetUser \nCode: Request_BadRequest\nMessage: .*userPrincipalName already exists.*\nRequestId: [0-9a-f-]{36}\n' +
        'DateTimeStamp: .* GMT\nHttpStatusCode: BadRequest\nHttpStatusDescription: Bad Request\nHttpResponseStatus: Completed\n$'
    Assert-Match $form $thrown.Exception.Message
    Assert-Equal 400 $thrown.Exception.ErrorCode
    Assert-Match 'already exists' $thrown.Exception.ErrorContent.Message.Value
    Assert-Match 'Request_ResourceNotFound' (Get-Thrown { Set-AzureADUser -ObjectId ([Guid]::NewGuid()) -City 'x' }).Exception.Message
    Disconnect-AzureAD
    Assert-Equal 'Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException,Microsoft.Open.AzureAD16.PowerShell.SetUser' (Get-Thrown { Set-AzureADUser -ObjectId $alice -City 'x' }).FullyQualifiedErrorId
    $null = Connect-AzureAD
}

exit $failures
