# Get-AzureADTenantDetail, and what the tenant's domains are used for elsewhere.
. "$PSScriptRoot/azureadpreview.ps1"
$null = Connect-AzureAD

function Get-TenantReads { @((Get-SandboxState).requests | Where-Object path -Like '*/organization?*').Count }

# The block with this connection, and a person's again afterwards.
function Use-Connection([hashtable] $Token, [scriptblock] $Block) {
    Disconnect-AzureAD
    try {
        $script:session = Connect-AzureAD -AadAccessToken (Get-Token $Token) -AccountId 'x'
        & $Block
    }
    finally {
        Disconnect-AzureAD
        $null = Connect-AzureAD
    }
}

It 'has the old parameters, which change nothing' {
    Assert-Equal 'All Top' (((Get-Parameters Get-AzureADTenantDetail).Name | Sort-Object) -join ' ')
    foreach ($parameter in Get-Parameters Get-AzureADTenantDetail) {
        Assert-Equal 'True True False' "$($parameter.ValueFromPipeline) $($parameter.ValueFromPipelineByPropertyName) $($parameter.IsMandatory)" $parameter.Name
    }
    Assert-Equal 3 @((Get-AzureADTenantDetail -All $true), (Get-AzureADTenantDetail -Top 1), (Get-AzureADTenantDetail)).Count
    Assert-Equal 'Microsoft.Open.AzureAD.Model.TenantDetail' (Get-Command Get-AzureADTenantDetail).OutputType[0].Name
}

It 'has the old properties in the old order, and the old table' {
    $order = 'DeletionTimestamp ObjectId ObjectType AssignedPlans City CompanyLastDirSyncTime Country CountryLetterCode DirSyncEnabled DisplayName ' +
        'MarketingNotificationEmails PostalCode PreferredLanguage ProvisionedPlans ProvisioningErrors SecurityComplianceNotificationMails ' +
        'SecurityComplianceNotificationPhones State Street TechnicalNotificationMails TelephoneNumber VerifiedDomains'
    $tenant = Get-AzureADTenantDetail
    Assert-Equal $order ($tenant.PSObject.Properties.Name -join ' ')
    $printed = ($tenant | Out-String -Width 200) -replace "`r"
    Assert-Equal 'ObjectId DisplayName VerifiedDomains' ($printed.Trim().Split("`n")[0].Trim() -replace ' +', ' ')
    Assert-Match '\{class VerifiedDomain \{' $printed
    Assert-Equal "class VerifiedDomain {`n  Capabilities: Email, OfficeCommunicationsOnline`n  _Default: False`n  Id: `n  Initial: True`n  Name: contoso.onmicrosoft.com`n  Type: Managed`n}`n" "$($tenant.VerifiedDomains[0])"
}

It 'maps everything that Graph answers' {
    $graph = @{
        id = 'the-id'; deletedDateTime = '2024-05-01T10:00:00Z'; displayName = 'Contoso'; businessPhones = @('1'); city = 'Gouda'; country = 'Netherlands'; countryLetterCode = 'NL'
        marketingNotificationEmails = @('m@b.c'); onPremisesLastSyncDateTime = '2024-05-02T10:00:00Z'; onPremisesSyncEnabled = $true; postalCode = '2800'; preferredLanguage = 'nl'
        securityComplianceNotificationMails = @('s@b.c'); securityComplianceNotificationPhones = @('2'); state = 'ZH'; street = 'Markt'; technicalNotificationMails = @('t@b.c', 'u@b.c')
        assignedPlans = @(@{ assignedDateTime = '2024-05-03T10:00:00Z'; service = 'exchange' }); provisionedPlans = @(@{ provisioningStatus = 'Success' })
        verifiedDomains = @(@{ name = 'contoso.com'; isDefault = $true; isInitial = $false; type = 'Federated'; capabilities = 'Email' })
    }
    Set-Fault 'GET' '/organization' @{ respond = @{ status = 200; body = (ConvertTo-Json @{ value = @($graph) } -Depth 5) } }
    $tenant = Get-AzureADTenantDetail
    $expected = @{
        ObjectId = 'the-id'; ObjectType = 'Company'; DisplayName = 'Contoso'; TelephoneNumber = '1'; City = 'Gouda'; Country = 'Netherlands'; CountryLetterCode = 'NL'; DirSyncEnabled = $true
        PostalCode = '2800'; PreferredLanguage = 'nl'; State = 'ZH'; Street = 'Markt'
        DeletionTimestamp = [datetime]::new(2024, 5, 1, 10, 0, 0, [DateTimeKind]::Utc); CompanyLastDirSyncTime = [datetime]::new(2024, 5, 2, 10, 0, 0, [DateTimeKind]::Utc)
    }
    foreach ($name in $expected.Keys) { Assert-Equal $expected[$name] $tenant.$name $name }
    Assert-Equal 'm@b.c s@b.c 2 t@b.c,u@b.c' "$($tenant.MarketingNotificationEmails) $($tenant.SecurityComplianceNotificationMails) $($tenant.SecurityComplianceNotificationPhones) $($tenant.TechnicalNotificationMails -join ',')"
    Assert-Equal '3 exchange Success 0' "$($tenant.AssignedPlans[0].AssignedTimestamp.Day) $($tenant.AssignedPlans[0].Service) $($tenant.ProvisionedPlans[0].ProvisioningStatus) $($tenant.ProvisioningErrors.Count)"
    $domain = $tenant.VerifiedDomains[0]
    Assert-Equal 'contoso.com True False Federated Email' "$($domain.Name) $($domain._Default) $($domain.Initial) $($domain.Type) $($domain.Capabilities)"
}

It 'the commonest way to connect works' {
    Disconnect-AzureAD
    $tried = foreach ($time in 1..2) {
        try { (Get-AzureADTenantDetail).ObjectType } catch [Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException] { (Connect-AzureAD).GetType().Name }
    }
    Assert-Equal 'PSAzureContext Company' ($tried -join ' ')
    Disconnect-AzureAD
    $thrown = Get-Thrown { Get-AzureADTenantDetail -ErrorAction Ignore }
    Assert-Equal 'Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException,Microsoft.Open.AzureAD16.PowerShell.GetTenantDetails' $thrown.FullyQualifiedErrorId
    $null = Connect-AzureAD
}

It 'what the service refuses is the old error' {
    Use-Connection @{ kind = 'app'; roles = @('User.ReadWrite.All') } {
        $thrown = Get-Thrown { Get-AzureADTenantDetail }
        Assert-Equal 'Microsoft.Open.AzureAD16.Client.ApiException,Microsoft.Open.AzureAD16.PowerShell.GetTenantDetails' $thrown.FullyQualifiedErrorId
        Assert-Match '(?s)executing GetTenantDetails \nCode: Authorization_RequestDenied\n.*HttpStatusCode: Forbidden' $thrown.Exception.Message
    }
}

It 'Connect-AzureAD tells the tenant''s default domain, read once for each session' {
    Disconnect-AzureAD
    Assert-Equal 'contoso.com' (Connect-AzureAD).TenantDomain
    Assert-Equal 1 (Get-TenantReads)
    Assert-Equal 'contoso.com' (Get-AzureADCurrentSessionInfo).Tenant.Domain
    Assert-Equal 1 (Get-TenantReads) 'still'
    Use-Connection @{ kind = 'app' } { Assert-Equal 'contoso.com ServicePrincipal' "$($session.TenantDomain) $($session.AccountType)" }
}

It 'a tenant that cannot be read spoils no sign-in' {
    Use-Connection @{ kind = 'app'; roles = @('User.ReadWrite.All') } {
        Assert-Equal $null $session.TenantDomain
        Assert-Equal $alice (Get-AzureADUser -ObjectId $alice).ObjectId
        $reads = Get-TenantReads
        $null = Get-AzureADCurrentSessionInfo
        Assert-Equal $reads (Get-TenantReads) 'not asked again'
    }
    Set-Fault 'GET' '/organization' @{ drop = 'before' } -Times 5
    Use-Connection @{ kind = 'user' } { Assert-Equal 'contoso.com' $session.TenantDomain 'that of the account' }
}

exit $failures
