# Every way to sign in, against the sandbox's token service, which checks what it receives.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"

$tenant, $client, $secret = $env:AZURE_TENANT_ID, $env:AZURE_CLIENT_ID, $env:AZURE_CLIENT_SECRET
$app = @{ TenantId = $tenant; ClientId = $client }
$publicClient = 'Microsoft Graph Command Line Tools (14d82eec-204b-4c2f-b7e8-296a70dab67e)'
$folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName


function Save-Text([string] $Path, [string] $Text) { [IO.File]::WriteAllText($Path, $Text) }

# Connects, looks at a guest with it, and disconnects.
function Connect-Once([hashtable] $With) {
    try {
        $context = Connect-GuestRedemption @With
        Assert-Equal 'GuestRedemption.PowerShell.ConnectionContext' $context.GetType().FullName
        Assert-Equal 'Alice Alvarez' (Get-GuestRedemption $alice).DisplayName
        $context
    }
    finally { Disconnect-GuestRedemption }
}

# Starts to connect in a shell of its own, where a person reads what is told.
function Start-Connect([string] $Parameters) { Start-Shell "Import-Module '$modules/GuestRedemption'; Connect-GuestRedemption $Parameters" }

# What Connect-GuestRedemption returned there, or the id of its error.
function Wait-Connected($Started) {
    $context = $Started.Shell.EndInvoke($Started.Running)
    if ($Started.Shell.HadErrors) { return $Started.Shell.Streams.Error[0].FullyQualifiedErrorId }
    Assert-Equal 1 $context.Count 'what is told is no output'
    Assert-Equal 'Alice Alvarez' (Get-GuestRedemption $alice).DisplayName
    Disconnect-GuestRedemption
    $context[0]
}

It 'has one parameter set for each way' {
    $mandatory = @{}
    foreach ($set in (Get-Command Connect-GuestRedemption).ParameterSets) {
        $mandatory[$set.Name] = ($set.Parameters | Where-Object IsMandatory | ForEach-Object Name | Sort-Object) -join ' '
    }
    $expected = @{
        Environment = ''; Browser = 'Browser'; DeviceCode = 'UseDeviceCode'; ClientSecret = 'ClientId ClientSecret TenantId'
        Certificate = 'CertificatePath ClientId TenantId'; CertificateThumbprint = 'CertificateThumbprint ClientId TenantId'
        Identity = 'Identity'; FederatedTokenFile = 'ClientId FederatedTokenFile TenantId'; GitHubActions = 'ClientId GitHubActions TenantId'
        AzureCli = 'UseAzureCli'; MgGraphSession = 'UseMgGraphSession'; AzSession = 'UseAzSession'; AccessToken = 'AccessToken'
        RefreshToken = 'RefreshToken TenantId'; Default = 'Default'; Sandbox = 'Sandbox'
    }
    Assert-Equal (($expected.Keys | Sort-Object) -join ' ') (($mandatory.Keys | Sort-Object) -join ' ')
    foreach ($name in $expected.Keys) { Assert-Equal $expected[$name] $mandatory[$name] $name }
}

It 'takes secrets as string or SecureString, and nothing else' {
    $null = Connect-Once ($app + @{ ClientSecret = $secret })
    $null = Connect-Once ($app + @{ ClientSecret = Get-Secure $secret })
    $token = Get-Token @{ kind = 'user' }
    $null = Connect-Once @{ AccessToken = Get-Secure $token }
    foreach ($bad in (Get-Date), @{ Token = $token }, [pscredential]::new('x', (Get-Secure 'y')), [securestring]::new()) {
        $null = Assert-ErrorId 'ParameterArgumentValidationError,GuestRedemption.PowerShell.ConnectGuestRedemptionCommand' { Connect-GuestRedemption -AccessToken $bad @args }
    }
}

It 'signs in with a browser, and says as which client and where' {
    if (-not $browserIsScript) { return 'skipped' }
    Use-Browser {
        $started = Start-Connect '-Browser -TenantId contoso.onmicrosoft.com -AccountId ada@contoso.com'
        $context = Wait-Connected $started
        Assert-Equal 'user' $context.AccountType
        Assert-Equal 'ada@contoso.com' $context.Account
        Assert-Match ([regex]::Escape($publicClient)) $started.Host.Told
        Assert-Match 'sandbox 127\.0\.0\.1' $started.Host.Told
        Assert-Match 'login_hint=ada' $started.Host.Told
        $null = Set-SignIn @{ browser = 'declines' }
        Assert-Equal 'SignInFailed,Connect-GuestRedemption' (Wait-Connected (Start-Connect '-Browser'))
        $null = Set-SignIn @{ browser = 'wrong_state' }
        Assert-Equal 'SignInNotFinished,Connect-GuestRedemption' (Wait-Connected (Start-Connect '-Browser'))
    }
}

It 'gives the address where no browser can be opened' {
    if (-not $browserIsScript) { return 'skipped' }
    $path = $env:PATH
    $env:PATH = $folder
    try {
        $started = Start-Connect '-Browser'
        $url = (Wait-Told $started 'No browser could be opened[^:]*:\s+http\S+') -replace '(?s).*\s'
    }
    finally { $env:PATH = $path }
    Assert-Match 'close this page' (Invoke-WebRequest $url).Content
    Assert-Equal 'user' (Wait-Connected $started).AccountType
}

It 'without parameters: the environment, else a browser; half a credential is told' {
    Assert-Equal 'app' (Connect-Once @{}).AccountType
    Assert-Equal 'app' (Connect-Once @{ TenantId = 'contoso.com' }).AccountType
    Use-Environment @{ AZURE_CLIENT_ID = $client } {
        $half = Assert-ErrorId 'NotSignedIn,Connect-GuestRedemption' { Connect-GuestRedemption @args }
        Assert-Match 'AZURE_TENANT_ID' "$half"
        Assert-Match '-Browser' $half.ErrorDetails.RecommendedAction
    }
    if (-not $browserIsScript) { return 'skipped' }
    Use-Environment @{} {
        Use-Browser {
            $started = Start-Connect "-TenantId $tenant"
            Assert-Equal 'user' (Wait-Connected $started).AccountType
            Assert-Match "/$tenant/oauth2/" $started.Host.Told
        }
    }
}

It 'signs in with a device code' {
    $null = Set-SignIn @{ device_code_interval_s = 1 }
    $started = Start-Connect '-UseDeviceCode'
    $null = Set-SignIn @{ approve = (Wait-Told $started '(?<=enter the code )\w+') }
    Assert-Equal 'user' (Wait-Connected $started).AccountType
    Assert-Match ([regex]::Escape($publicClient)) $started.Host.Told
    $started = Start-Connect '-UseDeviceCode'
    $null = Set-SignIn @{ decline = (Wait-Told $started '(?<=enter the code )\w+') }
    Assert-Equal 'SignInFailed,Connect-GuestRedemption' (Wait-Connected $started)
}

It 'Ctrl+C ends the wait for a person in under half a second' {
    if (-not $browserIsScript) { return 'skipped' }
    Use-Program 'xdg-open', 'open' 'exit 0' {
        foreach ($way in '-Browser', '-UseDeviceCode') {
            $started = Start-Connect $way
            $null = Wait-Told $started 'http\S+'
            # until it waits in the library
            Start-Sleep -Milliseconds 300
            Assert-True (-not $started.Running.IsCompleted) 'it waits'
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $started.Shell.Stop()
            Assert-True ($watch.ElapsedMilliseconds -lt 500) "$way ended in $($watch.ElapsedMilliseconds) ms"
            Assert-Equal 'Stopped' "$($started.Shell.InvocationStateInfo.State)"
            Assert-True ($null -eq (Get-GuestRedemptionContext)) 'no connection'
        }
    }
}

It 'signs in with a certificate, as PEM or PFX' {
    $own = New-Certificate
    $null = Set-SignIn @{ certificate = $own.Public }
    Save-Text "$folder/app.pem" ($own.Public + $own.Private)
    [IO.File]::WriteAllBytes("$folder/app.pfx", $own.Certificate.Export('Pfx', 'pfx-password'))
    # relative to PowerShell's location, which is not the folder of the process
    [Environment]::CurrentDirectory = [IO.Path]::GetPathRoot($folder)
    Push-Location $folder
    try {
        Assert-Equal 'app' (Connect-Once ($app + @{ CertificatePath = './app.pem' })).AccountType
        foreach ($password in 'pfx-password', (Get-Secure 'pfx-password')) {
            $null = Connect-Once ($app + @{ CertificatePath = 'app.pfx'; CertificatePassword = $password })
        }
        $refused = Assert-ErrorId 'CertificateUnusable,Connect-GuestRedemption' { Connect-GuestRedemption @app -CertificatePath app.pfx -CertificatePassword 'not-the-password' @args }
        Assert-NoMatch 'not-the-password' ($refused | Format-List * -Force | Out-String)
        $null = Assert-ErrorId 'CertificateUnusable,Connect-GuestRedemption' { Connect-GuestRedemption @app -CertificatePath nowhere.pem @args }
    }
    finally { Pop-Location }
    Save-Text "$folder/other.pem" ((New-Certificate | ForEach-Object { $_.Public + $_.Private }))
    $null = Assert-ErrorId 'CredentialRejected,Connect-GuestRedemption' { Connect-GuestRedemption @app -CertificatePath "$folder/other.pem" @args }
}

It 'signs in with a certificate of the store, whose key stays there' {
    $own, $old, $other = (New-Certificate), (New-Certificate -Days -1), (New-Certificate)
    $null = Set-SignIn @{ certificate = $own.Public }
    $before = @(Get-ChildItem ([IO.Path]::GetTempPath()) -Filter '*.tmp').Count
    Use-Store $own.Certificate {
        Assert-Equal 'app' (Connect-Once ($app + @{ CertificateThumbprint = $own.Certificate.Thumbprint })).AccountType
    }
    Use-Store $old.Certificate {
        $expired = Assert-ErrorId 'CertificateUnusable,Connect-GuestRedemption' { Connect-GuestRedemption @app -CertificateThumbprint $old.Certificate.Thumbprint @args }
        Assert-Match 'expired' "$expired"
    }
    Use-Store $other.Certificate {
        $null = Assert-ErrorId 'CredentialRejected,Connect-GuestRedemption' { Connect-GuestRedemption @app -CertificateThumbprint $other.Certificate.Thumbprint @args }
    }
    $missing = Assert-ErrorId 'CertificateUnusable,Connect-GuestRedemption' { Connect-GuestRedemption @app -CertificateThumbprint $own.Certificate.Thumbprint @args }
    Assert-Match '-CertificatePath' "$missing"
    Assert-Equal $before @(Get-ChildItem ([IO.Path]::GetTempPath()) -Filter '*.tmp').Count 'no file is left'
}

It 'signs in as a managed identity, of a machine and of an app' {
    $known = Set-SignIn
    $ids = $known.managed_identity
    $ways = @{ AZURE_POD_IDENTITY_AUTHORITY_HOST = $sandbox }, @{ IDENTITY_ENDPOINT = "$sandbox/msi/token"; IDENTITY_HEADER = $known.identity_header }
    foreach ($variables in $ways) {
        Use-Environment $variables {
            Assert-Equal 'app' (Connect-Once @{ Identity = $true }).AccountType
            foreach ($id in @{ ClientId = $ids.client_id }, @{ ObjectId = $ids.object_id }, @{ ResourceId = $ids.resource_id }) {
                Assert-Equal $ids.client_id (Connect-Once (@{ Identity = $true } + $id)).ClientId
            }
            $null = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption -Identity -ClientId nobody @args }
            $null = Assert-ErrorId 'ConflictingOptions,Connect-GuestRedemption' { Connect-GuestRedemption -Identity -ClientId x -ObjectId y @args }
        }
    }
}

It 'signs in with another party''s token: from a file, and in GitHub Actions' {
    $known = Set-SignIn @{ federated_token = 'token-of-another-party' }
    Save-Text "$folder/federated" 'token-of-another-party'
    Assert-Equal 'app' (Connect-Once ($app + @{ FederatedTokenFile = "$folder/federated" })).AccountType
    $null = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption @app -FederatedTokenFile "$folder/nothing" @args }
    $null = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption @app -GitHubActions @args }
    Use-Environment @{ ACTIONS_ID_TOKEN_REQUEST_URL = "$sandbox/github/token"; ACTIONS_ID_TOKEN_REQUEST_TOKEN = $known.github_token } {
        Assert-Equal 'app' (Connect-Once ($app + @{ GitHubActions = $true })).AccountType
    }
}

It 'signs in with a refresh token' {
    $refresh = (Set-SignIn @{ refresh_token = $true }).refresh_token
    Assert-Equal 'user' (Connect-Once @{ RefreshToken = $refresh; TenantId = $tenant }).AccountType
    Assert-Equal 'user' (Connect-Once @{ RefreshToken = Get-Secure $refresh; TenantId = $tenant }).AccountType
    $null = Set-SignIn @{ revoke = $true }
    $refused = Assert-ErrorId 'InteractionRequired,Connect-GuestRedemption' { Connect-GuestRedemption -RefreshToken $refresh -TenantId $tenant @args }
    Assert-NoMatch ([regex]::Escape($refresh)) ($refused | Format-List * -Force | Out-String)
}

It 'takes the token of Azure CLI, and tries one way after the other by default' {
    if (-not $browserIsScript) { return 'skipped' }
    # what az itself sees is the environment of the process, so each runs in one of its own
    $run = { param($parameters) & pwsh -NoProfile -Command "Import-Module '$modules/GuestRedemption'; try { (Connect-GuestRedemption $parameters).AccountType } catch { `$_.FullyQualifiedErrorId; `"`$_`" }" | Out-String }
    $token = Get-Token @{ kind = 'app' }
    Use-Environment @{ AZURE_POD_IDENTITY_AUTHORITY_HOST = 'http://127.0.0.1:9' } {
        Use-Program 'az' "echo '{`"accessToken`":`"$token`"}'" {
            Assert-Match '^app\s*$' (& $run '-UseAzureCli')
            Assert-Match '^app\s*$' (& $run '-Default')
        }
        Use-Program 'az' 'exit 1' {
            Assert-Match 'GrantUnavailable,Connect-GuestRedemption' (& $run '-UseAzureCli')
            $tried = & $run '-Default'
            Assert-Match 'NotSignedIn,Connect-GuestRedemption' $tried
            foreach ($way in 'environment', 'managed identity', 'Azure CLI') { Assert-Match "$way`:" $tried }
        }
    }
    Assert-Equal 'app' (Connect-Once @{ Default = $true }).AccountType
}

It 'takes the token of a running Connect-AzAccount' {
    $token = Get-Token @{ kind = 'user' }
    $missing = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption -UseAzSession @args }
    Assert-Match 'Connect-AzAccount' $missing.ErrorDetails.RecommendedAction
    $asked = @{}
    function Get-AzAccessToken([string] $ResourceUrl, [string] $TenantId) {
        $asked.ResourceUrl, $asked.TenantId = $ResourceUrl, $TenantId
        [pscustomobject]@{ Token = $answer }
    }
    foreach ($answer in $token, (Get-Secure $token)) { Assert-Equal 'user' (Connect-Once @{ UseAzSession = $true; TenantId = $tenant }).AccountType }
    Assert-Equal $sandbox $asked.ResourceUrl
    Assert-Equal $tenant $asked.TenantId
    $answer = Get-Token @{ kind = 'user'; audience = 'https://management.azure.com' }
    $null = Assert-ErrorId 'WrongAudience,Connect-GuestRedemption' { Connect-GuestRedemption -UseAzSession @args }
    function Get-AzAccessToken { throw 'Run Connect-AzAccount to login.' }
    $null = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption -UseAzSession @args }
    function Get-AzAccessToken { }
    $null = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption -UseAzSession @args }
}

It 'takes the token of a running Connect-MgGraph' {
    $token = Get-Token @{ kind = 'user' }
    $missing = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption -UseMgGraphSession @args }
    Assert-Match 'Connect-MgGraph' $missing.ErrorDetails.RecommendedAction
    function Invoke-MgGraphRequest([string] $Method, [string] $Uri, [string] $OutputType, [switch] $SkipHttpErrorCheck) {
        Assert-Equal 'HttpResponseMessage' $OutputType
        $request = [Net.Http.HttpRequestMessage]::new($Method, "$sandbox/$Uri")
        $request.Headers.Authorization = [Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $token)
        [Net.Http.HttpClient]::new().Send($request)
    }
    Assert-Equal 'user' (Connect-Once @{ UseMgGraphSession = $true }).AccountType
    function Invoke-MgGraphRequest { throw 'Authentication needed. Please call Connect-MgGraph.' }
    $refused = Assert-ErrorId 'GrantUnavailable,Connect-GuestRedemption' { Connect-GuestRedemption -UseMgGraphSession @args }
    Assert-Match 'Please call Connect-MgGraph' "$refused"
}

It 'hosts of one''s own are asked for by name, and told' {
    Use-Environment @{ GUEST_REDEMPTION_GRAPH_URL = ''; GUEST_REDEMPTION_LOGIN_URL = '' } {
        $own = @{ Environment = 'Custom'; GraphUrl = $sandbox; LoginUrl = $sandbox }
        Assert-Match '^sandbox 127\.0\.0\.1:\d+$' (Connect-Once ($app + $own + @{ ClientSecret = $secret })).Environment
        foreach ($cloud in 'China', 'USGovDoD') {
            $name = (Connect-GuestRedemption -Environment $cloud -AccessToken opaque).Environment
            Assert-Equal $name (Connect-GuestRedemption -Environment $cloud.ToLower() -AccessToken opaque).Environment
        }
        Assert-Equal 'China' (Connect-GuestRedemption -Environment China -AccessToken opaque).Environment
        $null = Assert-ErrorId 'MissingOption,Connect-GuestRedemption' { Connect-GuestRedemption -Default -Environment custom -GraphUrl $sandbox @args }
        $null = Assert-ErrorId 'ConflictingOptions,Connect-GuestRedemption' { Connect-GuestRedemption -Default -GraphUrl $sandbox -LoginUrl $sandbox @args }
        $null = Assert-ErrorId 'InsecureUrl,Connect-GuestRedemption' { Connect-GuestRedemption -Default -Environment Custom -GraphUrl http://graph.example.com -LoginUrl http://login.example.com @args }
    }
    $null = Assert-ErrorId 'ConflictingOptions,Connect-GuestRedemption' { Connect-GuestRedemption -Sandbox -Environment China @args }
}

It 'the network of the sign-in is that of the session' {
    foreach ($proxy in 'http://me:proxy-password@config.example.com/proxy.pac', (Get-Secure 'socks5://me:proxy-password@x')) {
        $refused = Assert-ErrorId 'OutOfRange,Connect-GuestRedemption' { Connect-GuestRedemption -Proxy $proxy @args }
        Assert-NoMatch 'proxy-password' ($refused | Format-List * -Force | Out-String)
    }
    $hosts = @{ Environment = 'Custom'; GraphUrl = 'https://graph.example.com'; LoginUrl = 'https://login.example.com'; AccessToken = 'opaque' }
    $root = "$folder/root.pem"
    Save-Text $root (New-Certificate).Public
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    try {
        $null = Connect-GuestRedemption @hosts -CaFile $root -Proxy (Get-Secure "http://me:proxy-password@127.0.0.1:$($listener.LocalEndpoint.Port)")
        $started = Start-Shell "Import-Module '$modules/GuestRedemption'; Get-GuestRedemption $alice"
        $proxied = $listener.AcceptTcpClient()
        $reader = [IO.StreamReader]::new($proxied.GetStream())
        $head = while ($line = $reader.ReadLine()) { $line }
        $started.Shell.Stop()
        $proxied.Dispose()
    }
    finally { $listener.Stop() }
    Assert-Match 'CONNECT graph\.example\.com:443' $head[0]
    Assert-Match "Basic $([Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('me:proxy-password')))" "$head"
    # another way out, so that the file is read anew
    $null = Connect-GuestRedemption @hosts -CaFile $root -Proxy 'http://127.0.0.1:9'
    [IO.File]::Delete($root)
    $null = Assert-ErrorId 'CaFileUnusable,Get-GuestRedemption' { Get-GuestRedemption $alice @args }
    Disconnect-GuestRedemption
}

It 'no secret is in any stream' {
    $known = Set-SignIn @{ refresh_token = $true; federated_token = 'token-of-another-party' }
    Save-Text "$folder/federated" 'token-of-another-party'
    $token = Get-Token @{ kind = 'user' }
    $own = New-Certificate
    [IO.File]::WriteAllBytes("$folder/app.pfx", $own.Certificate.Export('Pfx', 'pfx-password'))
    $null = Set-SignIn @{ certificate = $own.Public }
    $ways = @(
        $app + @{ ClientSecret = $secret }
        $app + @{ ClientSecret = 'wrong-secret-value' }
        $app + @{ CertificatePath = "$folder/app.pfx"; CertificatePassword = 'pfx-password' }
        $app + @{ FederatedTokenFile = "$folder/federated" }
        @{ AccessToken = $token }
        @{ RefreshToken = $known.refresh_token; TenantId = $tenant }
    )
    $shown = foreach ($way in $ways) {
        try { Connect-GuestRedemption @way -Verbose -Debug *>&1 | ForEach-Object { $_ | Format-List * -Force | Out-String } }
        catch { $_ | Format-List * -Force }
        Get-GuestRedemption $alice -Verbose -Debug *>&1
        Get-GuestRedemptionContext | Format-List * -Force
    }
    $shown = $shown | Out-String
    if ($browserIsScript) {
        Use-Browser {
            $started = Start-Connect '-Browser -Verbose -Debug'
            $shown += Wait-Connected $started | Format-List * -Force | Out-String
            $shown += $started.Host.Told
        }
    }
    Disconnect-GuestRedemption
    Assert-Match 'POST /\S+/oauth2/v2\.0/token: 200' $shown
    $secrets = @((Get-SandboxState).secrets) + $secret, 'wrong-secret-value', 'pfx-password', 'token-of-another-party', $token, $known.refresh_token
    Assert-True ($secrets.Count -gt 10) 'there were secrets'
    foreach ($one in $secrets) { Assert-True (-not $shown.Contains($one)) 'a secret was shown' }
}

Remove-Item $folder -Recurse
exit $failures
