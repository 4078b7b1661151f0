# Windows PowerShell 5.1 is not here to run the scripts, so they are read: nothing in them may be newer than it.
. "$PSScriptRoot/harness.ps1"
$root = Split-Path $modules
$framework = '/usr/lib/mono/4.7.2-api'

# What came after 5.1: cmdlets, parameters of cmdlets (which may be shortened), variables.
$newCommands = 'ConvertFrom-Markdown', 'Get-Error', 'Get-ExperimentalFeature', 'Get-MarkdownOption', 'Get-Uptime', 'Join-String', 'Remove-Alias', 'Remove-Service', 'Show-Markdown', 'Start-ThreadJob', 'Test-Json'
$newParameters = @{
    'ConvertFrom-Json'          = 'AsHashtable', 'Depth', 'NoEnumerate', 'DateKind'
    'ConvertTo-Csv'             = 'UseQuotes', 'QuoteFields', 'NoHeader', 'IncludeTypeInformation'
    'ConvertTo-Json'            = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'
    'Export-Csv'                = 'UseQuotes', 'QuoteFields', 'NoHeader', 'IncludeTypeInformation'
    'ForEach-Object'            = 'Parallel', 'ThrottleLimit', 'TimeoutSeconds', 'AsJob', 'UseNewRunspace'
    'Get-ChildItem'             = , 'FollowSymlink'
    'Get-Content'               = , 'AsByteStream'
    'Get-Date'                  = 'AsUTC', 'UnixTimeSeconds'
    'Get-Module'                = , 'SkipEditionCheck'
    'Import-Module'             = 'SkipEditionCheck', 'UseWindowsPowerShell'
    'Import-PowerShellDataFile' = , 'SkipLimitCheck'
    'Invoke-RestMethod'         = 'AllowUnencryptedAuthentication', 'Authentication', 'CustomMethod', 'FollowRelLink', 'Form', 'MaximumRetryCount', 'NoProxy', 'Resume', 'ResponseHeadersVariable', 'RetryIntervalSec', 'SkipCertificateCheck', 'SkipHeaderValidation', 'SkipHttpErrorCheck', 'SslProtocol', 'StatusCodeVariable', 'Token'
    'Invoke-WebRequest'         = 'AllowUnencryptedAuthentication', 'Authentication', 'CustomMethod', 'Form', 'MaximumRetryCount', 'NoProxy', 'Resume', 'RetryIntervalSec', 'SkipCertificateCheck', 'SkipHeaderValidation', 'SkipHttpErrorCheck', 'SslProtocol', 'Token'
    'Join-Path'                 = , 'AdditionalChildPath'
    'Measure-Object'            = 'AllStats', 'StandardDeviation'
    'Out-String'                = , 'NoNewline'
    'Select-Object'             = , 'SkipIndex'
    'Select-String'             = 'Culture', 'NoEmphasis', 'Raw'
    'Set-Content'               = , 'AsByteStream'
    'Sort-Object'               = 'Bottom', 'Stable', 'Top'
    'Split-Path'                = 'Extension', 'LeafBase'
    'Start-Process'             = , 'Environment'
    'Test-Connection'           = 'IPv4', 'IPv6', 'Ping', 'Repeat', 'TcpPort', 'Traceroute'
    'Where-Object'              = , 'Not'
}
$newVariables = 'IsCoreCLR', 'IsLinux', 'IsMacOS', 'IsWindows', 'PSStyle', 'EnabledExperimentalFeatures'
$newTokens = 'AndAnd', 'OrOr', 'QuestionMark', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'Clean'

function Read-Script([string] $Text, [string] $Name) {
    $tokens = $errors = $null
    $ast = [Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $errors)
    [pscustomobject]@{ Name = $Name; Text = $Text; Ast = $ast; Tokens = $tokens; Errors = $errors }
}

# All that may run on 5.1: scripts, modules and manifests but those that ask for 7, and the code of help and README.
function Get-Script {
    foreach ($file in Get-ChildItem "$root/powershell", "$root/examples", "$root/benches" -Recurse -File | Where-Object { $_.FullName -notmatch '[\\/](bin|obj|runtimes)[\\/]' }) {
        if ($file.Extension -notin '.ps1', '.psm1', '.psd1', '.md') { continue }
        $text = [IO.File]::ReadAllText($file.FullName)
        if ($file.Extension -ne '.md') { Read-Script $text $file.FullName; continue }
        foreach ($code in [regex]::Matches($text, '(?ms)^```powershell.*?\n(.*?)^```')) { Read-Script $code.Groups[1].Value $file.FullName }
    }
    foreach ($code in [regex]::Matches([IO.File]::ReadAllText("$root/README.md"), '(?ms)^```powershell\r?\n(.*?)^```')) { Read-Script $code.Groups[1].Value 'README.md' }
}

function Test-ForSeven($Script) {
    $needs = $Script.Ast.ScriptRequirements
    $needs -and $needs.RequiredPSVersion -and $needs.RequiredPSVersion.Major -ge 6
}

function Find-All($Script, [string] $Type) { $Script.Ast.FindAll({ $args[0].GetType().Name -eq $Type }.GetNewClosure(), $true) }

# What of the script 5.1 does not know, a line for each.
function Find-Newer($Script) {
    $Script.Errors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" }
    $Script.Tokens | Where-Object { "$($_.Kind)" -in $newTokens } | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Text)" }
    $Script.Tokens | Where-Object { $_.Kind -eq 'Number' -and $_.Text -match '^0b|(u|y|us|uy|s|n)([kmgtp]b)?$' -and $_.Text -notmatch '^0x' } | ForEach-Object { "$($_.Extent.StartLineNumber): the number $($_.Text)" }
    $Script.Tokens | Where-Object { $_.Kind -like 'StringExpandable' -and $_.Text -match '`[ue]' } | ForEach-Object { "$($_.Extent.StartLineNumber): the escape in $($_.Text)" }
    Find-All $Script 'PipelineAst' | Where-Object { $_.PSObject.Properties['Background'] -and $_.Background } | ForEach-Object { "$($_.Extent.StartLineNumber): the job $_" }
    Find-All $Script 'VariableExpressionAst' | Where-Object { $_.VariablePath.UserPath -in $newVariables } | ForEach-Object { "$($_.Extent.StartLineNumber): $_" }
    foreach ($command in Find-All $Script 'CommandAst') {
        $name = $command.GetCommandName()
        if ($name -in $newCommands) { "$($command.Extent.StartLineNumber): $name" }
        if (-not $name -or -not $newParameters.ContainsKey($name)) { continue }
        foreach ($element in $command.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] }) {
            if ($newParameters[$name] -like "$($element.ParameterName)*") { "$($element.Extent.StartLineNumber): $name -$($element.ParameterName)" }
        }
    }
    if ($Script.Text -match '[^\x00-\x7f]') { "a character that 5.1 reads otherwise: $($Matches[0])" }
}

# Static members by type, as .NET Framework's own assemblies have them.
function Get-FrameworkMember([string[]] $Types) {
    $members = @{}
    foreach ($name in 'mscorlib', 'System', 'System.Core', 'System.Xml') {
        $file = [IO.File]::OpenRead("$framework/$name.dll")
        $image = [Reflection.PortableExecutable.PEReader]::new($file)
        $data = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
        foreach ($handle in $data.TypeDefinitions) {
            $type = $data.GetTypeDefinition($handle)
            $full = "$($data.GetString($type.Namespace)).$($data.GetString($type.Name))"
            if ($full -notin $Types) { continue }
            $names = @($type.GetMethods() | ForEach-Object { $data.GetString($data.GetMethodDefinition($_).Name) }) + @($type.GetFields() | ForEach-Object { $data.GetString($data.GetFieldDefinition($_).Name) })
            $members[$full] = $names -replace '^get_'
        }
        $image.Dispose()
    }
    $members
}

It 'knows what is newer than 5.1' {
    $newer = @'
$a ? 1 : 2
$a ?? $b
$a ??= 1
${a}?.Length
Get-Item x && Get-Item y
Get-Item x || Get-Item y
Get-Item x &
1..3 | ForEach-Object -Parallel { $_ }
1..3 | Sort-Object -Stable
Get-Content x -AsByte
$IsWindows
100u
0b11
"`u{1F600}"
Join-String -Separator x
Split-Path x -LeafBase
'ü'
'@ -split '\r?\n'
    foreach ($line in $newer) { Assert-Equal 1 @(Find-Newer (Read-Script $line 'x')).Count $line }
    foreach ($line in '1..3 | ForEach-Object { $_ }', 'Sort-Object -Property x', 'if ($a) { 1 } else { 2 }', '0xff, 10kb, 1e3, 5L', '& x') { Assert-Equal '' "$(Find-Newer (Read-Script $line 'x'))" $line }
}

It 'finds nothing newer in what may run on 5.1' {
    $scripts = @(Get-Script)
    Assert-True ($scripts.Count -gt 40) 'there are scripts'
    foreach ($script in $scripts | Where-Object { -not (Test-ForSeven $_) }) { Assert-Equal '' ((Find-Newer $script) -join "`n") $script.Name }
}

It 'asks for 7 in tools of this checkout alone' {
    $seven = Get-Script | Where-Object { Test-ForSeven $_ } | ForEach-Object { Split-Path $_.Name -Leaf } | Sort-Object
    Assert-Equal 'cold-start.ps1 help.ps1' "$seven"
}

It 'calls no static member that .NET Framework lacks' {
    if (-not (Test-Path $framework)) {
        if ($env:CI -eq 'true') { throw "$framework not found" }
        return "skipped: $framework not found"
    }
    $calls = foreach ($script in Get-Script | Where-Object { -not (Test-ForSeven $_) }) {
        foreach ($member in $script.Ast.FindAll({ $args[0] -is [Management.Automation.Language.MemberExpressionAst] -and $args[0].Static }, $true)) {
            $type = if ($member.Expression -is [Management.Automation.Language.TypeExpressionAst]) { $member.Expression.TypeName.GetReflectionType() }
            if ($type -and $type.Namespace -like 'System*' -and $type.Namespace -notlike 'System.Management.Automation*') {
                [pscustomobject]@{ Type = $type.FullName; Member = "$($member.Member)"; Where = "$($script.Name): $member" }
            }
        }
    }
    Assert-True (@($calls).Count -gt 20) 'there are calls'
    $known = Get-FrameworkMember ($calls.Type | Select-Object -Unique)
    Assert-True ($known['System.IO.Path'] -contains 'Combine' -and $known['System.IO.Path'] -notcontains 'GetRelativePath') 'what is there is known'
    foreach ($call in $calls) { Assert-True ($known[$call.Type] -contains ($call.Member -replace '^new$', '.ctor')) "$($call.Where) exists" }
}

exit $failures
