# Get-AzureADUser: parameters, binding, pages, what is printed, errors.
. "$PSScriptRoot/azureadpreview.ps1"
$null = Connect-AzureAD

# The next list of users is this many, and the page after it is $Next.
function Set-Page([int] $Count, [string] $Next) {
    $page = [ordered]@{ value = @(1..$Count | ForEach-Object { @{ id = "made-up-$_" } }) }
    if ($Next) { $page['@odata.nextLink'] = $Next }
    Set-Fault 'GET' '/users?' @{ respond = @{ status = 200; body = (ConvertTo-Json $page -Depth 4) } }
}

It 'has the old parameter sets' {
    $command = Get-Command Get-AzureADUser
    Assert-Equal 'GetQuery' $command.DefaultParameterSet
    Assert-Equal 'GetById GetQuery GetVague' (($command.ParameterSets.Name | Sort-Object) -join ' ')
    Assert-Equal 'All Filter Top' (((Get-Parameters Get-AzureADUser GetQuery).Name | Sort-Object) -join ' ')
    Assert-Equal 'All SearchString' (((Get-Parameters Get-AzureADUser GetVague).Name | Sort-Object) -join ' ')
    Assert-Equal 'All ObjectId' (((Get-Parameters Get-AzureADUser GetById).Name | Sort-Object) -join ' ')
    foreach ($parameter in Get-Parameters Get-AzureADUser) {
        Assert-True ($parameter.ValueFromPipeline -and $parameter.ValueFromPipelineByPropertyName) "$($parameter.Name) takes the pipeline both ways"
        Assert-Equal ($parameter.Name -eq 'ObjectId') $parameter.IsMandatory $parameter.Name
        Assert-True ($parameter.Position -lt 0) "$($parameter.Name) is named"
    }
    Assert-Equal ([Nullable[bool]]) $command.Parameters['All'].ParameterType
    Assert-Equal ([Nullable[int]]) $command.Parameters['Top'].ParameterType
    Assert-Equal 'Microsoft.Open.AzureAD.Model.User' $command.OutputType[0].Name
}

It 'lists a hundred without -All and -Top' {
    Set-Page 100 "$sandbox/v1.0/users?`$skiptoken=100"
    $sent = @(Get-Sent { $script:found = @(Get-AzureADUser) })
    Assert-Equal 100 $found.Count
    Assert-Equal 1 $sent.Count 'requests'
    Assert-Match '[?&]\$top=100(&|$)' $sent[0].Path
    Assert-Equal 58 @(Get-AzureADUser).Count 'all of the sandbox, which has fewer'
}

It '-All takes every page, -Top as many as asked for' {
    Set-Page 3 "$sandbox/v1.0/users?`$select=id&`$skiptoken=10"
    $sent = @(Get-Sent { $script:found = @(Get-AzureADUser -All $true) })
    Assert-Equal (3 + 48) $found.Count
    Assert-Match '[?&]\$top=999(&|$)' $sent[0].Path
    Set-Page 3 "$sandbox/v1.0/users?`$select=id&`$skiptoken=10"
    Assert-Equal 5 @(Get-AzureADUser -Top 5).Count
    $sent = @(Get-Sent { $script:found = @(Get-AzureADUser -Top 2) })
    Assert-Equal '1 2' "$($sent.Count) $($found.Count)"
    Assert-Match '[?&]\$top=2(&|$)' $sent[0].Path
    Assert-Match '[?&]\$top=999(&|$)' @(Get-Sent { Get-AzureADUser -Top 1500 })[0].Path
    Assert-Equal 58 @(Get-AzureADUser -All $true -Top 5).Count '-All wins'
}

It 'takes -All in every form of old scripts' {
    Assert-Equal 58 @(Get-AzureADUser -All 1).Count
    Assert-Equal 58 @(Get-AzureADUser -All:$true).Count
    $by = @{ All = $true; Filter = "UserType eq 'Member'" }
    Assert-Equal 3 @(Get-AzureADUser @by).Count
    Assert-Equal 2 @(Get-AzureADUser -All $false -Top 2).Count
    Assert-Equal $alice (Get-AzureADUser -ObjectId $alice -All 1).ObjectId
}

It 'refuses fewer than one, and sends nothing' {
    foreach ($top in 0, -5) {
        $sent = @(Get-Sent { $script:thrown = Get-Thrown { Get-AzureADUser -Top $top } })
        Assert-Equal 0 $sent.Count
        Assert-Match "-Top $top`: .*Nothing was sent" $thrown.Exception.Message
    }
}

It 'streams page by page: the first user is out before the second page is asked for' {
    Set-Page 3 "$sandbox/v1.0/users?`$skiptoken=10"
    $sent = @(Get-Sent { $script:first = Get-AzureADUser -All $true | Select-Object -First 1 })
    Assert-Equal 'made-up-1' $first.ObjectId
    Assert-Equal 1 $sent.Count 'requests'
    Set-Page 3 'https://graph.example.com/v1.0/users?$skiptoken=10'
    $seen = [Collections.Generic.List[string]]::new()
    $thrown = Get-Thrown { Get-AzureADUser -All $true | ForEach-Object { $seen.Add($_.ObjectId) } }
    Assert-Equal 'made-up-1 made-up-2 made-up-3' ($seen -join ' ')
    Assert-Match 'executing GetUsers' $thrown.Exception.Message
}

It 'Ctrl+C ends the wait for a page' {
    Set-Fault 'GET' '/users?' @{ delay_ms = 30000 }
    $started = Start-Shell "Import-Module '$modules/GuestRedemption.AzureADPreview'; Get-AzureADUser -All `$true"
    while (-not @((Get-SandboxState).requests | Where-Object path -Like '*/users?*').Count -and -not $started.Running.IsCompleted) { Start-Sleep -Milliseconds 20 }
    $started.Shell.Stop()
    Assert-Equal 'Stopped' "$($started.Shell.InvocationStateInfo.State)"
    Assert-Equal 0 @((Get-SandboxState).requests | Where-Object path -Like '*/users?*')[0].status 'the service has not answered yet'
}

It '-SearchString finds by the beginning of display name or user principal name' {
    $sent = @(Get-Sent { $script:found = @(Get-AzureADUser -SearchString 'ALI') })
    Assert-Equal 'Alice Alvarez' ($found.DisplayName -join ',')
    Assert-True $sent[0].Path.EndsWith("`$filter=startsWith(displayName,'ALI') or startsWith(userPrincipalName,'ALI')") $sent[0].Path
    Assert-Equal "Dmitri O'Brien" (Get-AzureADUser -SearchString "d.o'brien_fab").DisplayName
    Assert-Equal 0 @(Get-AzureADUser -SearchString 'nobody at all' -All $true).Count
    $sent = @(Get-Sent { $script:thrown = Get-Thrown { Get-AzureADUser -SearchString '' } })
    Assert-Equal 0 $sent.Count
    Assert-Match 'empty' $thrown.Exception.Message
}

It 'takes the pipeline' {
    Assert-Equal $alice ($alice | Get-AzureADUser).ObjectId 'an object id'
    Assert-Equal $alice ($aliceName | Get-AzureADUser).ObjectId 'a user principal name'
    Assert-Equal $alice ([pscustomobject]@{ ObjectId = $alice; DisplayName = 'x' } | Get-AzureADUser).ObjectId 'an object'
    Assert-Equal $alice (Get-AzureADUser -SearchString 'Alice' | Get-AzureADUser).ObjectId 'a user'
    Assert-Equal 3 @("UserType eq 'Member'" | Get-AzureADUser).Count 'a filter'
    Assert-Equal $alice ([pscustomobject]@{ SearchString = 'Alice' } | Get-AzureADUser).ObjectId 'a beginning by name'
    $all = $alice, "d.o'brien_fabrikam.com#EXT#@contoso.onmicrosoft.com" | Get-AzureADUser
    Assert-Equal "Alice Alvarez, Dmitri O'Brien" ($all.DisplayName -join ', ')
    Assert-Match 'GetUsers' (Get-Thrown { Get-AzureADUser -Filter $alice }).Exception.Message 'typed, it is a filter and none'
}

It 'has the old properties in the old order, and the old table' {
    $order = 'ExtensionProperty DeletionTimestamp ObjectId ObjectType AccountEnabled AgeGroup AssignedLicenses AssignedPlans City ' +
        'CompanyName ConsentProvidedForMinor Country CreationType Department DirSyncEnabled DisplayName FacsimileTelephoneNumber ' +
        'GivenName IsCompromised ImmutableId JobTitle LastDirSyncTime LegalAgeGroupClassification Mail MailNickName Mobile ' +
        'OnPremisesSecurityIdentifier OtherMails PasswordPolicies PasswordProfile PhysicalDeliveryOfficeName PostalCode ' +
        'PreferredLanguage ProvisionedPlans ProvisioningErrors ProxyAddresses RefreshTokensValidFromDateTime ShowInAddressList ' +
        'SignInNames SipProxyAddress State StreetAddress Surname TelephoneNumber UsageLocation UserPrincipalName UserState ' +
        'UserStateChangedOn UserType'
    $user = Get-AzureADUser -ObjectId $aliceName
    Assert-Equal $order ($user.PSObject.Properties.Name -join ' ')
    Assert-Equal 'Microsoft.Open.AzureAD.Model.User' $user.PSObject.TypeNames[0]
    $columns = ($user | Out-String -Width 200).Trim().Split("`n")[0].Trim() -replace ' +', ' '
    Assert-Equal 'ObjectId DisplayName UserPrincipalName UserType' $columns
    Assert-Match '(?s)^class User \{\n  ExtensionProperty: .*\n  ObjectId: 10000000-.*\n  UserType: Guest\n\}\n$' "$user"
}

It 'maps everything that Graph answers' {
    $graph = @{
        id = 'the-id'; deletedDateTime = '2024-05-01T10:00:00Z'; accountEnabled = $false; ageGroup = 'Adult'; city = 'Gouda'; companyName = 'Fabrikam'
        consentProvidedForMinor = 'Granted'; country = 'NL'; creationType = 'Invitation'; department = 'Buying'; onPremisesSyncEnabled = $true
        displayName = 'A B'; faxNumber = '1'; givenName = 'A'; onPremisesImmutableId = 'aXY='; jobTitle = 'Buyer'; onPremisesLastSyncDateTime = '2024-05-02T10:00:00Z'
        legalAgeGroupClassification = 'Adult'; mail = 'a@b.c'; mailNickname = 'a'; mobilePhone = '2'; onPremisesSecurityIdentifier = 'S-1'
        otherMails = @('c@d.e', 'f@g.h'); passwordPolicies = 'None'; officeLocation = 'Room 5'; postalCode = '2800 AA'; preferredLanguage = 'nl'
        proxyAddresses = @('SMTP:a@b.c'); signInSessionsValidFromDateTime = '2024-05-03T10:00:00Z'; showInAddressList = $true; imAddresses = @('sip@b.c')
        state = 'ZH'; streetAddress = 'Markt 1'; surname = 'B'; businessPhones = @('3'); usageLocation = 'NL'; userPrincipalName = 'a@b.c'
        externalUserState = 'Accepted'; externalUserStateChangeDateTime = '2024-05-04T10:00:00Z'; userType = 'Guest'
        createdDateTime = '2024-03-07T03:10:31Z'; employeeId = 'E1'; onPremisesDistinguishedName = 'CN=A'
        passwordProfile = @{ forceChangePasswordNextSignIn = $true; forceChangePasswordNextSignInWithMfa = $false }
        assignedLicenses = @(@{ skuId = 'sku'; disabledPlans = @('p1') }); assignedPlans = @(@{ assignedDateTime = '2024-05-05T10:00:00Z'; capabilityStatus = 'Enabled'; service = 'exchange'; servicePlanId = 'plan' })
        provisionedPlans = @(@{ capabilityStatus = 'Enabled'; provisioningStatus = 'Success'; service = 'exchange' }); onPremisesProvisioningErrors = @(@{ category = 'PropertyConflict' })
        identities = @(@{ signInType = 'emailAddress'; issuer = 'contoso.onmicrosoft.com'; issuerAssignedId = 'joe@x.com' }, @{ signInType = 'federated'; issuer = 'google.com' })
    }
    Set-Fault 'GET' '/users/' @{ respond = @{ status = 200; body = (ConvertTo-Json $graph -Depth 4) } }
    $user = Get-AzureADUser -ObjectId $alice
    $expected = [ordered]@{
        ObjectId = 'the-id'; DeletionTimestamp = [datetime]::new(2024, 5, 1, 10, 0, 0, [DateTimeKind]::Utc); ObjectType = 'User'; AccountEnabled = $false; AgeGroup = 'Adult'; City = 'Gouda'
        CompanyName = 'Fabrikam'; ConsentProvidedForMinor = 'Granted'; Country = 'NL'; CreationType = 'Invitation'; Department = 'Buying'; DirSyncEnabled = $true
        DisplayName = 'A B'; FacsimileTelephoneNumber = '1'; GivenName = 'A'; IsCompromised = $null; ImmutableId = 'aXY='; JobTitle = 'Buyer'
        LastDirSyncTime = [datetime]::new(2024, 5, 2, 10, 0, 0, [DateTimeKind]::Utc); LegalAgeGroupClassification = 'Adult'; Mail = 'a@b.c'; MailNickName = 'a'; Mobile = '2'
        OnPremisesSecurityIdentifier = 'S-1'; PasswordPolicies = 'None'; PhysicalDeliveryOfficeName = 'Room 5'; PostalCode = '2800 AA'; PreferredLanguage = 'nl'
        RefreshTokensValidFromDateTime = [datetime]::new(2024, 5, 3, 10, 0, 0, [DateTimeKind]::Utc); ShowInAddressList = $true; SipProxyAddress = 'sip@b.c'; State = 'ZH'
        StreetAddress = 'Markt 1'; Surname = 'B'; TelephoneNumber = '3'; UsageLocation = 'NL'; UserPrincipalName = 'a@b.c'; UserState = 'Accepted'
        UserStateChangedOn = '2024-05-04T10:00:00Z'; UserType = 'Guest'
    }
    foreach ($name in $expected.Keys) { Assert-Equal $expected[$name] $user.$name $name }
    Assert-Equal 'c@d.e,f@g.h' ($user.OtherMails -join ',')
    Assert-True ($user.OtherMails -is [Collections.Generic.List[string]])
    Assert-Equal 'SMTP:a@b.c' ($user.ProxyAddresses -join ',')
    Assert-Equal 'True False ' "$($user.PasswordProfile.ForceChangePasswordNextLogin) $($user.PasswordProfile.EnforceChangePasswordPolicy) $($user.PasswordProfile.Password)"
    Assert-Equal 'sku p1' "$($user.AssignedLicenses[0].SkuId) $($user.AssignedLicenses[0].DisabledPlans)"
    Assert-Equal 'exchange Enabled plan 5' "$($user.AssignedPlans[0].Service) $($user.AssignedPlans[0].CapabilityStatus) $($user.AssignedPlans[0].ServicePlanId) $($user.AssignedPlans[0].AssignedTimestamp.Day)"
    Assert-Equal 'Success' $user.ProvisionedPlans[0].ProvisioningStatus
    Assert-Equal 'PropertyConflict' $user.ProvisioningErrors[0].Category
    Assert-Equal 'emailAddress joe@x.com' (@($user.SignInNames | ForEach-Object { "$($_.Type) $($_.Value)" }) -join ',')
    $covered = @($expected.Keys) + 'OtherMails', 'ProxyAddresses', 'PasswordProfile', 'AssignedLicenses', 'AssignedPlans', 'ProvisionedPlans', 'ProvisioningErrors', 'SignInNames', 'ExtensionProperty'
    Assert-Equal '' (@($user.PSObject.Properties.Name | Where-Object { $_ -notin $covered }) -join ' ') 'properties nobody looked at'

    # times among the extensions were texts of the current culture
    foreach ($form in $user.ExtensionProperty.createdDateTime, $user.ExtensionProperty['createdDateTime'], $user.ExtensionProperty['CREATEDDATETIME']) {
        Assert-Equal ([datetime]::new(2024, 3, 7, 3, 10, 31).ToString()) $form
    }
    Assert-Equal 'E1 CN=A' "$($user.ExtensionProperty.employeeId) $($user.ExtensionProperty.onPremisesDistinguishedName)"
}

It 'asks for every property that it shows' {
    $sent = @(Get-Sent { Get-AzureADUser -Top 1 })
    Assert-Equal 200 $sent[0].Status 'and the sandbox knows each'
    foreach ($name in 'externalUserState', 'createdDateTime', 'otherMails', 'identities', 'proxyAddresses', 'onPremisesImmutableId') { Assert-Match "[=,]$name[,&]" $sent[0].Path }
}

It 'a user that is not there is the old error' {
    $missing = [Guid]::NewGuid().ToString()
    $thrown = Get-Thrown { Get-AzureADUser -ObjectId $missing -ErrorAction SilentlyContinue }
    Assert-Equal 'Microsoft.Open.AzureAD16.Client.ApiException,Microsoft.Open.AzureAD16.PowerShell.GetUser' $thrown.FullyQualifiedErrorId
    $lines = $thrown.Exception.Message.Split("`n")
    Assert-Equal 'Error occurred while executing GetUser' $lines[0].Trim()
    Assert-Equal 'Code: Request_ResourceNotFound' $lines[1]
    Assert-True ($lines[2] -like 'Message: ?*') $lines[2]
    Assert-True ($lines -contains 'HttpStatusCode: NotFound') $thrown.Exception.Message
    Assert-True ($lines -contains 'HttpStatusDescription: Not Found') $thrown.Exception.Message
    Assert-Equal 404 $thrown.Exception.ErrorCode
    Assert-True $thrown.Exception.ErrorContent.Message.Value
    $caught = try { Get-AzureADUser -ObjectId $missing } catch [Microsoft.Open.AzureAD16.Client.ApiException] { 'typed' }
    Assert-Equal 'typed' $caught
}

exit $failures
