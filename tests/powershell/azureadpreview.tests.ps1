# The module GuestRedemption.AzureADPreview against a sandbox: exports, sign-in, invitations, help.
. "$PSScriptRoot/azureadpreview.ps1"

# Runs the block without these environment variables.
function Use-Without([string[]] $Names, [scriptblock] $Block) {
    $kept = @{}
    foreach ($name in $Names) {
        $kept[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $null)
    }
    try { & $Block }
    finally { foreach ($name in $Names) { [Environment]::SetEnvironmentVariable($name, $kept[$name]) } }
}

# Ids of assigned groups and app assignments; a dynamic group follows the addresses and is no assignment.
function Get-Assigned([string] $Id) {
    $ask = @{ Headers = @{ Authorization = "Bearer $env:GUEST_REDEMPTION_ACCESS_TOKEN" } }
    $groups = (Invoke-RestMethod "$sandbox/v1.0/users/$Id/memberOf" @ask).value
    $assignments = (Invoke-RestMethod "$sandbox/v1.0/users/$Id/appRoleAssignments" @ask).value
    $assigned = @($groups | Where-Object { @($_.groupTypes) -notcontains 'DynamicMembership' }) + @($assignments)
    ($assigned.id | Sort-Object) -join ' '
}

It 'has a valid manifest for both editions, and exports the old cmdlets, those for migrating and nothing of GuestRedemption' {
    $manifest = Test-ModuleManifest "$modules/GuestRedemption.AzureADPreview/GuestRedemption.AzureADPreview.psd1"
    Assert-Equal '5.1' "$($manifest.PowerShellVersion)"
    Assert-Equal 'Desktop Core' "$($manifest.CompatiblePSEditions)"
    Assert-Equal ([GuestRedemption.Client]::Version) "$($manifest.Version)" 'version of module and library'
    $module = Get-Module GuestRedemption.AzureADPreview
    $exports = $cmdlets + $migration | Sort-Object
    Assert-Equal ($exports -join ' ') (($module.ExportedCommands.Keys | Sort-Object) -join ' ')
    Assert-Equal $exports.Count @(Get-Command -Module GuestRedemption.AzureADPreview).Count
}

It 'New-AzureADMSInvitation has the old parameters' {
    $command = Get-Command New-AzureADMSInvitation
    Assert-Equal 1 $command.ParameterSets.Count
    $own = $command.ParameterSets[0].Parameters | Where-Object { $_.Name -notin [Management.Automation.PSCmdlet]::CommonParameters }
    Assert-Equal 'InvitedUser InvitedUserDisplayName InvitedUserEmailAddress InvitedUserMessageInfo InvitedUserType InviteRedirectUrl ResetRedemption SendInvitationMessage' (($own.Name | Sort-Object) -join ' ')
    Assert-Equal 'InvitedUserEmailAddress InviteRedirectUrl' (($own | Where-Object IsMandatory | ForEach-Object Name | Sort-Object) -join ' ')
    Assert-Equal 0 @($own | Where-Object { $_.Position -ge 0 -or $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count
    foreach ($name in 'ResetRedemption', 'SendInvitationMessage') {
        Assert-Equal ([Nullable[bool]]) $command.Parameters[$name].ParameterType $name
    }
    Assert-Equal 'Microsoft.Open.MSGraph.Model.User' $command.Parameters['InvitedUser'].ParameterType.FullName
    Assert-Equal 'Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo' $command.Parameters['InvitedUserMessageInfo'].ParameterType.FullName
}

It 'Connect-AzureAD has the old parameter sets' {
    $command = Get-Command Connect-AzureAD
    Assert-Equal 'UserCredential' $command.DefaultParameterSet
    $mandatory = @{}
    foreach ($set in $command.ParameterSets) {
        $mandatory[$set.Name] = ($set.Parameters | Where-Object IsMandatory | ForEach-Object Name | Sort-Object) -join ' '
    }
    Assert-Equal '' $mandatory['UserCredential']
    Assert-Equal 'ApplicationId CertificateThumbprint TenantId' $mandatory['ServicePrincipalCertificate']
    Assert-Equal 'AadAccessToken AccountId' $mandatory['AccessToken']
    Assert-Equal 'Domain TenantDomain' ($command.Parameters['TenantId'].Aliases -join ' ')
    Assert-Equal 'AzureCloud AzureChinaCloud AzureUSGovernment AzureGermanyCloud' ([Enum]::GetNames($command.Parameters['AzureEnvironmentName'].ParameterType) -join ' ')
    Assert-Equal 'Info Error Warning None' ([Enum]::GetNames($command.Parameters['LogLevel'].ParameterType) -join ' ')
}

It 'without a session every cmdlet asks for Connect-AzureAD' {
    Disconnect-AzureAD
    $calls = @{
        'Microsoft.Open.AzureAD16.PowerShell.GetUser'                       = { Get-AzureADUser -ObjectId $alice -ErrorAction SilentlyContinue }
        'Microsoft.Open.MSGraphBeta.PowerShell.NewAzureADMSInvitation'      = { Invoke-Reset @{ InvitedUser = $alice } }
        'Microsoft.Open.Azure.AD.CommonLibrary.GetAzureADCurrentSessionInfo' = { Get-AzureADCurrentSessionInfo -ErrorAction Ignore }
    }
    foreach ($cmdlet in $calls.Keys) {
        $thrown = Get-Thrown $calls[$cmdlet]
        Assert-Equal "Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException,$cmdlet" $thrown.FullyQualifiedErrorId
        Assert-Equal 'You must call the Connect-AzureAD cmdlet before calling any other cmdlets.' $thrown.Exception.Message
    }
    $caught = try { Get-AzureADCurrentSessionInfo } catch [Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException] { 'sign in' }
    Assert-Equal 'sign in' $caught
}

It 'Connect-AzureAD takes what the environment holds' {
    $session = Connect-AzureAD
    Assert-Equal 'Account AccountType Environment Tenant TenantDomain TenantId' (Get-Names $session)
    Assert-Equal $session.Account.Id "$($session.Account)"
    Assert-Equal $session.TenantId $session.Tenant.Id
    Assert-True ("$($session.Environment)" -like 'sandbox 127.0.0.1:*') "$($session.Environment)"
    Assert-Equal $session.TenantId (Get-AzureADCurrentSessionInfo).TenantId
    $columns = ($session | Out-String -Width 200).Trim().Split("`n")[0].Trim() -replace ' +', ' '
    Assert-Equal 'Account Environment TenantId TenantDomain AccountType' $columns
}

It 'Connect-AzureAD takes a token, Graph''s own first' {
    $token = $env:GUEST_REDEMPTION_ACCESS_TOKEN
    Assert-Equal 'ada@contoso.com' (Connect-AzureAD -AadAccessToken $token -AccountId 'ada@contoso.com').Account.Id
    Assert-Equal 'User' (Connect-AzureAD -AadAccessToken 'of the retired Azure AD Graph' -MsAccessToken $token -AccountId x).AccountType
    Connect-AzureAD -WhatIf
    $tenant = (Get-AzureADCurrentSessionInfo).TenantId
    Assert-Equal $tenant (Connect-AzureAD -Tenant $tenant -LogLevel None -AzureEnvironmentName AzureCloud).TenantId
}

It 'Connect-AzureAD signs in as an application, in the tenant that the script names' {
    $tenant = $env:AZURE_TENANT_ID
    Use-Without 'GUEST_REDEMPTION_ACCESS_TOKEN', 'AZURE_TENANT_ID' {
        $session = Connect-AzureAD -TenantId $tenant
        Assert-Equal 'ServicePrincipal' $session.AccountType
        Assert-Equal $tenant $session.TenantId
        Assert-Equal $alice (Get-AzureADUser -ObjectId $alice).ObjectId
    }
    $null = Connect-AzureAD
}

It 'both modules share one session' {
    try {
        Import-Module "$modules/GuestRedemption"
        Assert-Equal 1 @(Get-Command Connect-GuestRedemption).Count
        Disconnect-GuestRedemption
        $null = Get-Thrown { Get-AzureADCurrentSessionInfo }
        $context = Connect-GuestRedemption
        Assert-Equal $context.Account (Get-AzureADCurrentSessionInfo).Account.Id
        Disconnect-AzureAD
        Assert-Equal $null (Get-GuestRedemptionContext)
    }
    finally { Remove-Module GuestRedemption }
    Assert-Equal $alice ((Connect-AzureAD), (Get-AzureADUser -ObjectId $alice))[1].ObjectId 'still works'
}

It 'Connect-AzureAD says what does not work, and what does' {
    $secret = New-Object pscredential 'ada', (ConvertTo-SecureString 'x' -AsPlainText -Force)
    $calls = @(
        { Connect-AzureAD -Credential $secret }
        { Connect-AzureAD -ErrorAction SilentlyContinue }
    )
    Use-Without 'GUEST_REDEMPTION_ACCESS_TOKEN', 'AZURE_CLIENT_SECRET' {
        foreach ($call in $calls) {
            $thrown = Get-Thrown $call
            Assert-Equal 'Connect-AzureAD,Microsoft.Open.Azure.AD.CommonLibrary.ConnectAzureAD' $thrown.FullyQualifiedErrorId
            Assert-Equal 'AuthenticationError' $thrown.CategoryInfo.Category
            foreach ($way in '-AadAccessToken', 'GUEST_REDEMPTION_ACCESS_TOKEN', 'AZURE_CLIENT_SECRET') {
                Assert-True $thrown.Exception.Message.Contains($way) $thrown.Exception.Message
            }
        }
    }
    Assert-True ((Get-Thrown { Connect-AzureAD -AzureEnvironmentName AzureGermanyCloud }).Exception.Message -like '*closed*')
}

It 'Connect-AzureAD refuses a token of another tenant than the script names' {
    $thrown = Get-Thrown { Connect-AzureAD -TenantId ([Guid]::NewGuid()) }
    Assert-Equal 'Connect-AzureAD,Microsoft.Open.Azure.AD.CommonLibrary.ConnectAzureAD' $thrown.FullyQualifiedErrorId
    $null = Get-Thrown { Get-AzureADCurrentSessionInfo }
    $null = Connect-AzureAD
}

It 'a refused invitation is the old error' {
    $posts = @(Get-Posts).Count
    $thrown = Get-Thrown {
        New-AzureADMSInvitation -InvitedUserEmailAddress 'not.yet@tailspin.com' -InvitedUser $alice -ResetRedemption $true -InviteRedirectUrl $redirect -ErrorAction SilentlyContinue
    }
    Assert-Equal 'Microsoft.Open.MSGraphBeta.Client.ApiException,Microsoft.Open.MSGraphBeta.PowerShell.NewAzureADMSInvitation' $thrown.FullyQualifiedErrorId
    Assert-True ($thrown.CategoryInfo.ToString() -eq 'NotSpecified: (:) [New-AzureADMSInvitation], ApiException') $thrown.CategoryInfo
    $form = '^Error occurred while executing NewAzureADMSInvitation \nCode: BadRequest\nMessage: .*match any emails.*\nInnerError:\n  RequestId: [0-9a-f-]{36}\n' +
        '  DateTimeStamp: .* GMT\nHttpStatusCode: BadRequest\nHttpStatusDescription: Bad Request\nHttpResponseStatus: Completed\n$'
    Assert-True ($thrown.Exception.Message -match $form) $thrown.Exception.Message
    Assert-Equal 400 $thrown.Exception.ErrorCode
    Assert-True $thrown.ErrorDetails.RecommendedAction
    Assert-Equal ($posts + 1) @(Get-Posts).Count 'one POST'
}

It 'an invited user without an id is refused, and nothing is sent' {
    $before = @(Get-Posts).Count
    $empty = New-Object Microsoft.Open.MSGraph.Model.User
    Assert-True ((Get-Thrown { Invoke-Reset @{ InvitedUser = $empty } }).Exception.Message -like '*Nothing was sent*')
    Assert-True ((Get-Thrown { Invoke-Reset }).Exception.Message -like '*Nothing was sent*')
    Assert-True ((Get-Thrown { New-AzureADMSInvitation -InvitedUserEmailAddress a@b.com -InviteRedirectUrl $redirect -InvitedUser $empty }).Exception.Message -like '*Nothing was sent*')
    Assert-Equal $before @(Get-Posts).Count
}

It 'a script that goes on after a failed Get-AzureADUser invites nobody' {
    $before = @(Get-Posts).Count
    Set-StrictMode -Off
    $user = $null
    try { $user = Get-AzureADUser -ObjectId 'nobody@contoso.com' } catch { }
    $target = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $user.ObjectId
    $null = Get-Thrown { Invoke-Reset @{ InvitedUser = $target } }
    Assert-Equal $before @(Get-Posts).Count
}

It 'a reset sends what is given and no more, and keeps everything' {
    $before = Get-AzureADUser -ObjectId $alice
    $kept = Get-Assigned $alice
    $body = Get-Posted { $script:invitation = Invoke-Reset @{ InvitedUser = (New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $before.ObjectId); SendInvitationMessage = $true } }
    Assert-Equal 'invitedUser invitedUserEmailAddress inviteRedirectUrl resetRedemption sendInvitationMessage' (Get-Names $body)
    Assert-Equal 'id' (Get-Names $body.invitedUser)
    Assert-Equal $alice $body.invitedUser.id
    Assert-Equal 'alice@fabrikam.com' $body.invitedUserEmailAddress
    Assert-Equal $redirect $body.inviteRedirectUrl
    Assert-True ($body.resetRedemption -is [bool] -and $body.resetRedemption)
    Assert-True ($body.sendInvitationMessage -is [bool] -and $body.sendInvitationMessage)

    $after = Get-AzureADUser -ObjectId $alice
    Assert-Equal 'PendingAcceptance' $after.UserState
    Assert-Equal $before.UserPrincipalName $after.UserPrincipalName
    Assert-Equal $kept (Get-Assigned $alice)
    Assert-Equal $alice $script:invitation.InvitedUser.Id
}

It 'an invitation prints as it did' {
    $invitation = Invoke-Reset @{ InvitedUser = $alice; SendInvitationMessage = $false }
    $order = 'Id InvitedUserDisplayName InvitedUserEmailAddress SendInvitationMessage InviteRedeemUrl InviteRedirectUrl InvitedUser InvitedUserMessageInfo InvitedUserType Status'
    Assert-Equal $order ($invitation.PSObject.Properties.Name -join ' ')
    $printed = ($invitation | Out-String -Width 500) -replace "`r"
    Assert-Equal $order (([regex]::Matches($printed, '(?m)^(\w+) +:') | ForEach-Object { $_.Groups[1].Value }) -join ' ')
    Assert-True ($printed -match "(?m)^InvitedUser             : class User \{`n {28}Id: $alice`n {28}OdataType: *`n {26}\}") $printed
    Assert-True ($printed -match '(?m)^Status                  : PendingAcceptance') $printed
    Assert-True ($invitation.InviteRedeemUrl -like 'http*redeem*')
}

It 'the other parameters reach the service' {
    $body = Get-Posted { New-AzureADMSInvitation -InvitedUserEmailAddress 'new.guest@tailspin.com' -InviteRedirectUrl $redirect -InvitedUserDisplayName 'New Guest' -InvitedUserType 'Guest' }
    Assert-Equal 'invitedUserDisplayName invitedUserEmailAddress invitedUserType inviteRedirectUrl' (Get-Names $body)
    Assert-Equal 'New Guest' $body.invitedUserDisplayName
    Assert-Equal 'Guest' $body.invitedUserType
}

It 'our script in the manner of 2021 resets a guest' {
    $output = & "$PSScriptRoot/../../examples/scripts/reset-2021.ps1" -Guest (Get-AzureADUser -ObjectId $bob).UserPrincipalName -NewAddress 'bob.brandt@gmail.com'
    Assert-Equal $bob $output[-1].InvitedUser.Id
    Assert-Equal 'PendingAcceptance' (Get-AzureADUser -ObjectId $bob).UserState
}

It 'Disconnect-AzureAD ends the session, also twice' {
    Disconnect-AzureAD -WhatIf
    $null = Get-AzureADCurrentSessionInfo
    Disconnect-AzureAD
    Disconnect-AzureAD
    $null = Get-Thrown { Get-AzureADCurrentSessionInfo }
}

exit $failures
