# The help of both modules: made from its sources, complete in every language, and true. UPDATE_HELP=1 makes it anew.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption", "$modules/GuestRedemption.AzureADPreview"
$names = 'GuestRedemption', 'GuestRedemption.AzureADPreview'
$texts = "$modules/help"
$languages = 'nl', 'sv', 'de', 'zh-Hans', 'fr'
$tenant, $client, $secret = $env:AZURE_TENANT_ID, $env:AZURE_CLIENT_ID, $env:AZURE_CLIENT_SECRET

function Use-Folder([scriptblock] $Body) {
    $folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
    Push-Location $folder
    try { & $Body $folder }
    finally {
        Pop-Location
        Remove-Item $folder -Recurse -Force
    }
}

# Blocks of PowerShell of a Markdown text, those that cannot run here left out.
function Get-Code([string] $Markdown) { [regex]::Matches($Markdown, '(?ms)^```powershell\r?\n(.*?)^```') | ForEach-Object { $_.Groups[1].Value } }

function Set-Text([string] $Path, [string] $Old, [string] $New) {
    $text = [IO.File]::ReadAllText($Path)
    if (-not $text.Contains($Old)) { throw "'$Old' is not in $Path" }
    [IO.File]::WriteAllText($Path, $text.Replace($Old, $New))
}

# A language that has all texts of the original, and the code and links left to that.
function New-Translation([string] $From, [string] $To) {
    $null = New-Item -ItemType Directory $To
    foreach ($file in Get-ChildItem $From) {
        $text = [IO.File]::ReadAllText($file.FullName) -replace '(?ms)^```.*?^```\r?\n', '' -replace '(?s)\n## Links.*'
        [IO.File]::WriteAllText("$To/$($file.Name)", $text)
    }
}

It 'is what powershell/help.ps1 makes of its sources' {
    if ($env:UPDATE_HELP) { & "$modules/help.ps1" }
    Use-Folder {
        param($folder)
        & "$modules/help.ps1" -Destination $folder
        $made = @(Get-ChildItem $folder -Recurse -Filter *-Help.xml)
        $there = @($names | ForEach-Object { Get-ChildItem "$modules/$_" -Recurse -Filter *-Help.xml })
        Assert-Equal (@($made.Name | Sort-Object) -join ' ') (@($there.Name | Sort-Object) -join ' ') 'files'
        foreach ($file in $made) {
            $path = [IO.Path]::GetRelativePath((Get-Item $folder).FullName, $file.FullName)
            $same = [IO.File]::ReadAllText($file.FullName) -ceq [IO.File]::ReadAllText("$modules/$path")
            Assert-True $same "$path is as its sources say (UPDATE_HELP=1 makes it anew)"
        }
    }
}

It 'lists everything that its sources lack or have too much' {
    Use-Folder {
        param($folder)
        $null = New-Item -ItemType Directory "$folder/help"
        Copy-Item "$texts/en-US" "$folder/help" -Recurse
        New-Translation "$folder/help/en-US" "$folder/help/nl"
        Remove-Item "$folder/help/en-US/Disconnect-AzureAD.md", "$folder/help/nl/Get-AzureADUser.md"
        Set-Text "$folder/help/en-US/Get-GuestRedemption.md" '### -Stale' '### -Old'
        Set-Text "$folder/help/en-US/common.md" '### -NewEmail' "### -Nobody`nNobody takes it.`n`n### -NewEmail"
        Set-Text "$folder/help/en-US/Test-GuestRedemption.md" 'Every step, obstacle and address, with what could not be checked.' ''
        Set-Text "$folder/help/nl/Connect-AzureAD.md" '## Output' '## Outcome'
        Set-Text "$folder/help/nl/Get-AzureADCurrentSessionInfo.md" '### Stop in the wrong tenant' ''
        Set-Text "$folder/help/nl/Disconnect-GuestRedemption.md" '### End the sandbox' "### End the sandbox`n``````powershell`nDisconnect-GuestRedemption`n``````"
        $null = New-Item "$folder/help/nl/Get-Nothing.md"
        $failure = ''
        try { & "$modules/help.ps1" -Source "$folder/help" -Destination $folder } catch { $failure = "$_" }
        foreach ($fault in @(
                'Disconnect-AzureAD has no help: \S+en-US/Disconnect-AzureAD.md is missing'
                'Get-AzureADUser has no help: \S+nl/Get-AzureADUser.md is missing'
                'en-US/Get-GuestRedemption.md describes -Old, which the command does not have'
                'en-US/Get-GuestRedemption.md does not describe -Stale'
                'en-US/common.md describes -Nobody, which no command takes'
                'en-US/Test-GuestRedemption.md says nothing about the example ''The whole plan of one reset'''
                'nl/Connect-AzureAD.md has a section ''Outcome'''
                'nl/Connect-AzureAD.md and its original differ in whether there is a section ''Output'''
                'nl/Get-AzureADCurrentSessionInfo.md has 2 examples, not 3'
                'nl/Disconnect-GuestRedemption.md holds code'
                'Get-Nothing.md belongs to no command'
            )) { Assert-Match $fault $failure }
        Assert-Equal 0 @(Get-ChildItem $folder -Recurse -Filter *-Help.xml).Count 'files made all the same'
    }
}

It 'shows a translation with the code of the original, and English where there is none' {
    Use-Folder {
        param($folder)
        $null = New-Item -ItemType Directory "$folder/help"
        Copy-Item "$texts/en-US" "$folder/help" -Recurse
        New-Translation "$folder/help/en-US" "$folder/help/nl"
        Set-Text "$folder/help/nl/Get-GuestRedemption.md" 'Lists guests with their redemption state, or gets one.' 'Gasten en hun status.'
        & "$modules/help.ps1" -Source "$folder/help" -Destination $folder
        Copy-Item "$modules/GuestRedemption/*" "$folder/GuestRedemption" -Recurse -Force -Exclude (@('en-US') + $languages)
        $show = { param($culture) & pwsh -NoProfile -Command "Import-Module '$folder/GuestRedemption'; [Threading.Thread]::CurrentThread.CurrentUICulture = '$culture'; Get-Help Get-GuestRedemption -Full | Out-String" | Out-String }
        $dutch = & $show 'nl-BE'
        Assert-Match 'Gasten en hun status\.' $dutch
        Assert-Match 'Get-GuestRedemption -Stale 30' $dutch
        Assert-Match 'Lists guests with their redemption state' (& $show 'sv-SE')
    }
}

It 'speaks every language that the messages speak' {
    $show = {
        param($culture, $name)
        & pwsh -NoProfile -Command "Import-Module '$modules/GuestRedemption'; [Threading.Thread]::CurrentThread.CurrentUICulture = '$culture'; (Get-Help $name | Out-String -Width 4096)" | Out-String
    }
    foreach ($language in $languages) {
        foreach ($topic in Get-ChildItem "$modules/*/en-US/about_*.help.txt") {
            $translated = "$(Split-Path (Split-Path $topic))/$language/$($topic.Name)"
            Assert-True (Test-Path $translated) "$translated is there"
        }
        $synopsis = ([IO.File]::ReadAllText("$texts/$language/Disconnect-GuestRedemption.md") -split '\r?\n\r?\n')[1]
        $culture = if ($language -eq 'zh-Hans') { 'zh-CN' } else { $language }
        $shown = & $show $culture 'Disconnect-GuestRedemption'
        Assert-Match ([regex]::Escape($synopsis)) $shown
    }
}

It 'is there without a network for every command, parameter and topic' {
    foreach ($command in Get-Command -Module $names) {
        $help = Get-Help $command.Name -Full
        Assert-True ($help.Synopsis -and $help.Synopsis -notmatch [regex]::Escape($command.Name)) "$command has a synopsis"
        $parameters = if ($help.parameters.PSObject.Properties['parameter']) { $help.parameters.parameter }
        foreach ($parameter in $parameters) { Assert-True $parameter.description "$command -$($parameter.name) is described" }
        Assert-True (@(Get-Code ([IO.File]::ReadAllText("$texts/en-US/$command.md"))).Count -ge 3) "$command has three examples that run"
        foreach ($link in $help.relatedLinks.navigationLink.linkText) { Assert-True (Get-Help $link) "$command names $link" }
    }
    foreach ($topic in 'about_GuestRedemption', 'about_GuestRedemption.AzureADPreview', 'about_AzureADPreview_Migration') { Assert-Match $topic (Get-Help $topic | Out-String) }
}

# What examples take for granted: files, a person's answers, other modules' sign-ins, and Azure around this process.
function Use-World([scriptblock] $Example) {
    Restore-Sandbox
    $own = New-Certificate
    $known = Set-SignIn @{ certificate = $own.Public }
    $token = Get-Token @{ kind = 'user' }
    function Read-Host([string] $Prompt, [switch] $AsSecureString) {
        $answers = @{ 'Client secret' = $secret; 'Password of the PFX file' = 'pfx-password'; 'Access token' = $token }
        Get-Secure $answers[$Prompt]
    }
    function Connect-MgGraph([string[]] $Scopes) { }
    function Invoke-MgGraphRequest([string] $Method, [string] $Uri, [string] $OutputType, [switch] $SkipHttpErrorCheck) {
        $request = [Net.Http.HttpRequestMessage]::new($Method, "$sandbox/$Uri")
        $request.Headers.Authorization = [Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $token)
        [Net.Http.HttpClient]::new().Send($request)
    }
    $variables = @{
        AZURE_TENANT_ID = $tenant; AZURE_CLIENT_ID = $client; AZURE_CLIENT_SECRET = $secret; AZURE_POD_IDENTITY_AUTHORITY_HOST = $sandbox
        ACTIONS_ID_TOKEN_REQUEST_URL = "$sandbox/github/token"; ACTIONS_ID_TOKEN_REQUEST_TOKEN = $known.github_token
        PSModulePath = "$modules$([IO.Path]::PathSeparator)$env:PSModulePath"
    }
    Use-Folder {
        param($folder)
        'UserId,NewEmail', 'alice@fabrikam.com,alice@tailspin.com' | Set-Content guests.csv
        $secret | Set-Content secret.txt
        '$null' | Set-Content script.ps1
        [IO.File]::WriteAllBytes("$folder/app.pfx", $own.Certificate.Export('Pfx', 'pfx-password'))
        Use-Environment $variables { Use-Browser $Example }
    }
}

# $Name would be another one inside: those who run the block have their own.
function Invoke-Example([string] $Code, [string] $Command) {
    if ($Code -match '-Sandbox' -and -not $env:GUEST_REDEMPTION_TEST_SANDBOX) { return }
    Use-World {
        $ConfirmPreference = 'None'
        # the commands that sign in begin without a connection, all others with a person's
        if ($Command -notmatch '^Connect-') { $null = Connect-GuestRedemption -AccessToken (Get-Token @{ kind = 'user' }) }
        # what follows a run needs the journal of one
        if ($Command -match '(Status|Report|Reminder)$') { $null = Reset-GuestRedemption alice@fabrikam.com -Journal run.jsonl -Force 3>$null 6>$null }
        try { $null = & ([scriptblock]::Create($Code)) 3>$null }
        catch { throw "$Command`: $_`n$Code" }
    }
}

It 'runs the examples as they are written' {
    if (-not $browserIsScript) { return 'skipped' }
    foreach ($command in Get-Command -Module $names) {
        foreach ($code in Get-Code ([IO.File]::ReadAllText("$texts/en-US/$command.md"))) { Invoke-Example $code $command.Name }
    }
}

It 'runs the recipes of the topic and of the README' {
    if (-not $browserIsScript) { return 'skipped' }
    $topic = [IO.File]::ReadAllText("$modules/GuestRedemption/en-US/about_GuestRedemption.help.txt")
    $recipes = [regex]::Matches($topic, '(?ms)^  RECIPE: ([^\r\n]+)(.*?)(?=^  \S)')
    Assert-Equal 4 $recipes.Count 'recipes of the topic'
    foreach ($recipe in $recipes) {
        $code = ($recipe.Groups[2].Value -split '\r?\n') -match '^ {8}\S' -join "`n"
        Assert-Match 'GuestRedemption|AzureAD' $code
        Invoke-Example $code $recipe.Groups[1].Value
        Assert-True @((Get-SandboxState).mails).Count "a mail: $code"
    }
    $section = [regex]::Match([IO.File]::ReadAllText("$modules/../README.md"), '(?ms)^### Recipes$(.*?)^##').Groups[1].Value
    $blocks = @(Get-Code $section)
    Assert-Equal 4 $blocks.Count 'recipes of the README'
    foreach ($block in $blocks) {
        Invoke-Example $block 'README'
        Assert-True @((Get-SandboxState).mails).Count "a mail: $block"
    }
}

exit $failures
